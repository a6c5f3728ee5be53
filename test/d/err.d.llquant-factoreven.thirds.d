BEGIN { @ = llquantize(arg0, 10, 0, 3, 30); }
