inline int twice[int a] = a + a;
BEGIN { trace(twice); }
