BEGIN

xpv:::
{
}
