BEGIN
{
	trace(proebname);
}
