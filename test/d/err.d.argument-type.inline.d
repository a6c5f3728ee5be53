inline int length[string s] = strlen(s);
BEGIN { trace(length["four"]); trace(length[3]); }
