BEGIN { x = 1; trace(*x); trace(x[3]); }
