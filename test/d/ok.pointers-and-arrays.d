/* Pointers and arrays: indexed, stepped through, compared, taken for each other and for strings. */
int a[5], m[3][2];
int *p, *q;
char *c;
string s;
void *v;
int (*row)[2], *list[4];
int (*call)(int, char *);

BEGIN
{
	a[2] = 7;
	m[2][1] = a[2];
	p = a;
	q = &a[4];
	*p++ = 1;
	*(p + 1) += 2;
	trace(q - p);
	trace(p < q && p != NULL);
	row = (int (*)[2])m[1];
	trace((*row)[1]);
	list[1] = p;
	trace(*list[1]);
	v = p;
	trace(*(long *)v);
	s = "some text";
	c = s;
	trace(c[2] == s[2]);
	trace(stringof(c + 5));
	trace(s == c);
	c = "more";
	s = c;
	trace(strlen(c + 1));
	call = 0;
	trace(p ? p : a);
}
