translator int < int i > { n = i; };
translator struct nowhere < int i > { n = i; };
