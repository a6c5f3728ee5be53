BEGIN { n = n + 1; s = strjoin(s, "x"); }
