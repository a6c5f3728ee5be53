/* A report a second of the recording's time: the five busiest probes of the hypervisor.
 *   xpv dtrace -s examples/every-second.d */
#pragma D option quiet

xdt:::
{
	@[probemod, probename] = count();
}

tick-1s
{
	trunc(@, 5);
	printf("--- after %d s\n", timestamp / 1000000000);
	printa("%-8s %-20s %@8d\n", @);
	clear(@);
}
