BEGIN { @ = heatmap(arg0, arg1); }
