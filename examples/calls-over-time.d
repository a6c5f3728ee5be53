/* How many privcmd calls, and how much memory for a new domain, every quarter of a second.
 *   xpv dtrace -s examples/calls-over-time.d */

privcmd:::entry
{
	@calls = series(count(), "250ms");
}

xpv:::populate-physmap-start
{
	@extents = series(sum(args[1]), "250ms");
}
