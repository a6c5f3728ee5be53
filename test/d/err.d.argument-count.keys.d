BEGIN { @a[1, 2] = count(); @a[1] = count(); x[1] = 2; trace(x[1, 2]); }
