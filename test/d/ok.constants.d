/* characters are packed, the first one highest */
BEGIN
{
	trace('ab');
	trace('\n');
	trace(0x1fU);
	trace(017L);
	trace("a\tb\x41\102");
}
