struct seen { string s; int n; };
translator struct seen < int i > { s = i + 1; n = i; };
