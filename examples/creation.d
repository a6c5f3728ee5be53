/* The sequence of the historic xpv probes, with the time since the first one.
 *   xpv dtrace -s examples/creation.d */
#pragma D option quiet

xpv:::
/start == 0/
{
	start = timestamp;
}

xpv:::
{
	printf("%10d us  %-16s %s\n", (timestamp - start) / 1000, execname, probename);
}
