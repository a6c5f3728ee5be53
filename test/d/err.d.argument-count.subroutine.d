BEGIN { trace(strlen()); trace(substr("a")); exit(1, 2); }
