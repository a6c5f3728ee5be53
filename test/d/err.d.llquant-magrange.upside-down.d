BEGIN { @ = llquantize(arg0, 10, 3, 3, 10); }
