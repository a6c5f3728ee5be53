struct seen { int n; int m; };
translator struct seen < int i > { n = i; k = i; };
