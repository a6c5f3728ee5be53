BEGIN
{
	start = 1;
	trace(self->start);
}
