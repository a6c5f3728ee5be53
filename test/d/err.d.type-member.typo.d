struct point { int x, y; };
struct point p;
BEGIN { trace(p.z); }
