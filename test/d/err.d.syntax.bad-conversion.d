BEGIN { printf("%d %q", 1, 2); }
