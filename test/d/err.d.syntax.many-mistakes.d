BEGIN
{
	a = undefined1;
	b = a + 1;
	c = undefined2 +;
	d = strlen(undefined3);
}

xpv:::no-such-probe
/e == 1/
{
	trace(b, c);
}
