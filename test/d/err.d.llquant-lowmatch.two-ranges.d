BEGIN { @ = llquantize(arg0, 10, 0, 3, 10); @ = llquantize(arg1, 10, 1, 3, 10); }
