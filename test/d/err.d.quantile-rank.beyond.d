BEGIN { @ = quantile(arg0, 50, 100); }
