BEGIN { x = 1; x /= 2 - 2; y = x % 0; }
