BEGIN { s = "a"; s = 3; }
