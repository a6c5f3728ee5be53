xpv:::dom-creat-start
{
	trace(arg0);
}
