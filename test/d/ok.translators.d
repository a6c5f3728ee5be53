/* a member is its expression; a whole record is a copy in scratch memory */
struct point { int x; int y; };
struct seen { int sum; string how; int left_out; };
translator struct seen < struct point p > { sum = p.x + p.y; how = "point"; };
translator struct seen < int n > { sum = n; };
int n;
inline struct seen *here = xlate <struct seen *> (n++);
struct point origin;
struct seen copy;
BEGIN
{
  origin.x = 3;
  trace(xlate <struct seen> (origin).sum);
  trace(xlate <struct seen *> (origin)->how);
  trace(here->sum);
  copy = xlate <struct seen> (origin);
  trace(copy.sum);
}
