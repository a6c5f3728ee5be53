struct pair {
	int x;
}

struct point {
	int y;
}

struct place {
	int z;
};
BEGIN { }
