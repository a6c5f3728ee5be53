inline int LIMIT = 3;
inline int larger[int a, int b] = a > b ? a : b;
inline string named[int n] = n == LIMIT ? "limit" : probename;
BEGIN
{
  trace(larger[arg0, LIMIT]);
  trace(larger[larger[1, 2], arg1]);
  trace(named[larger[LIMIT, 1]]);
}
