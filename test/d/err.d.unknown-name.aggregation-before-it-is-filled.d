tick-1s
{
	printa(@a);
}

xpv:::
{
	@a = count();
}
