BEGIN { trace(strlen(3)); exit("a"); }
