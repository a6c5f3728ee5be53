/* Calls into privcmd that the hypervisor refused. $1: show only this many.
 *   xpv dtrace --machine examples/recordings/xl-migrate -s examples/failures.d 20 */
#pragma D option quiet
#pragma D option defaultargs

privcmd:::return
/(int)arg0 < 0/
{
	@[execname, probemod, probefunc, (int)arg0] = count();
}

END
{
	trunc(@, $1 ? $1 : 100);
	printa("%-16s %-14s %-20s %6d  %@d times\n", @);
}
