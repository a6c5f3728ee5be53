BEGIN { @ = quantile(arg0, 50, "50.0"); }
