struct seen { int n; };
translator struct seen < int i > { n = i; };
BEGIN { xlate <struct seen> (3); }
