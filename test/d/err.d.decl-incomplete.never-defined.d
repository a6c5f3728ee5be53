struct point *far;
struct point here;
BEGIN { trace(far->x); }
