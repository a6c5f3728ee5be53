struct point { int x; int y; };
BEGIN { trace(1); }
