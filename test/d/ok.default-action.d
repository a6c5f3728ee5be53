xpv:privcmd::dom-create-start, 2, ERROR
{
}
