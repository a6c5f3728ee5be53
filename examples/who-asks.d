/* Which programs in dom0 ask the hypervisor for what.
 *   xpv dtrace -s examples/who-asks.d */
#pragma D option quiet

privcmd:::entry
{
	@[execname, probemod, probefunc] = count();
}

END
{
	printa("%-16s %-14s %-24s %@6d\n", @);
}
