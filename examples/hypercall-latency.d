/* How long each kind of privcmd call took, seen from dom0, in nanoseconds.
 *   xpv dtrace -s examples/hypercall-latency.d */

privcmd:::entry
{
	self->entered = timestamp;
}

privcmd:::return
/self->entered/
{
	@[probemod, probefunc] = quantize(timestamp - self->entered);
	self->entered = 0;
}
