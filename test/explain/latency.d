/* How long the tools' calls take, by call. */
#pragma D option quiet
#pragma D option aggsortrev

privcmd:domctl::entry
{
	self->start = timestamp;
	self->domain = arg1;
}

privcmd:domctl::return
/self->start && execname != "xenstored"/
{
	@[probefunc, execname] = quantize(timestamp - self->start);
	@calls[probefunc] = count();
	self->start = 0;
}

tick-10s
{
	trunc(@calls, 5);
	printa("%-20s %@d\n", @calls);
	clear(@calls);
}
