BEGIN
{
	trace(curpsinfo->pr_fname);
	trace(curlwpsinfo->pr_nice);
}
