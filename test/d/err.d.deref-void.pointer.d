void *v;
BEGIN { trace(*v); trace(v + 1); }
