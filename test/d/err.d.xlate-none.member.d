struct seen { int n; int other; };
translator struct seen < int i > { n = i + 1; };
BEGIN
{
  this->p = (struct seen *)0;
  trace(xlate <struct seen> (this->p).n);
}
