/* Start and end of a call, matched by thread. */
#pragma D option quiet

xpv:::*-start
{
	self->start = timestamp;
}

xpv:::*-end
/self->start && args[0] >= 0/
{
	@took[probefunc] = quantize(timestamp - self->start);
	@slow[probename] = max((timestamp - self->start) / 1000);
	self->start = 0;
}

END
{
	normalize(@took, 1000);
	printa("%-40s %@d\n", @took);
	trunc(@slow, 5);
}
