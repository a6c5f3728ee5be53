BEGIN { printf("%d", (int *)arg0); }
