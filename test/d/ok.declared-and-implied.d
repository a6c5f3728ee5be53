int n;
uint64_t seen[string, int];
self string who;
this x;

inline int LIMIT = 4 * 8;

BEGIN
{
	n = 'ab';
	total = 0x10L;
	this->x = -n + +total;
	seen["dom0", 1]++;
	seen["dom0", n] += 2;
	self->who = strjoin("a\t", "b\"c");
	--n;
	n <<= 2;
	total %= 7;
}

tick-1s,
profile-97
/n < LIMIT && self->who != NULL/
{
	trace((char)n);
	exit(total ? 1 : 0);
}
