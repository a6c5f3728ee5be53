BEGIN { @ = series(quantize(arg0), "1s"); }
