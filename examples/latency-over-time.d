/* How long privcmd calls took, in nanoseconds, a quarter of a second a row.
 *   xpv dtrace -s examples/latency-over-time.d */

privcmd:::entry
{
	self->entered = timestamp;
}

privcmd:::return
/self->entered/
{
	@ = heatmap(timestamp - self->entered, "250ms");
	self->entered = 0;
}
