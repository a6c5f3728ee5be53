/* Calls into privcmd that the hypervisor refused. $1: show only this many.
 *   xpv dtrace --machine examples/recordings/xl-migrate -s examples/failures.d 20
 * The results of memory_op are not in such a capture: they stay inside libxencall's multicall. */
#pragma D option quiet
#pragma D option defaultargs

privcmd:domctl::return,
privcmd:sysctl::return,
privcmd:event_channel_op::return,
privcmd:mmuext_op::return,
privcmd:ioctl::return
/(int)arg0 < 0/
{
	@[execname, probemod, probefunc, (int)arg0] = count();
}

END
{
	trunc(@, $1 ? $1 : 100);
	printa("%-16s %-16s %-20s %6d  %@d times\n", @);
}
