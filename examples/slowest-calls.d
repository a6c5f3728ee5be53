/* The usual and the worst time of each kind of privcmd call, in nanoseconds: within 1/256.
 *   xpv dtrace -s examples/slowest-calls.d */

privcmd:::entry
{
	self->entered = timestamp;
}

privcmd:::return
/self->entered/
{
	@[probemod, probefunc] = quantile(timestamp - self->entered, 50, 99, "99.9");
	self->entered = 0;
}
