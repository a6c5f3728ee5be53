BEGIN { @a[1] = 3; }
