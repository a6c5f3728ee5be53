inline int table[3] = 1;
inline int nothing[] = 1;
