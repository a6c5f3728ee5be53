int8_t c;
uint16_t h;
uint_t u;
int64_t w;
uint64_t x;

BEGIN
{
	trace(c + h);
	trace(c + c);
	trace(u + 1);
	trace(u + w);
	trace(w * x);
	trace(c < u);
	trace(h < u);
	trace(w == 3);
	trace(c << w);
	trace(n = c ? h : w);
	trace((uint8_t)300 + 0);
	trace(4294967295);
	trace(0xffffffff);
	trace(18446744073709551615u);
	trace(1 ^^ c);
	trace(!c ? "no" : "yes");
	trace((h, u));
	trace(~u & -w);
}
