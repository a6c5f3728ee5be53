struct domain { int id; } d;

BEGIN { printf("%x", d); }
