xpv:::dom-create-start
/pid != 0/
{
	if (arg0 > 3) {
		@a = count();
		if (pid == 4)
			trace(1);
		else
			trace(2);
	} else if (arg0 == 1) {
		trace(3);
	}
	x = 4;
}

BEGIN
{
	if (x)
		printf("x");
}
