BEGIN { @ = lquantize(1, 0, 100, 10); @ = lquantize(1, 0, 100, 20); }
