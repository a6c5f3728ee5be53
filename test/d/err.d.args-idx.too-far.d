dtrace:::BEGIN { trace(args[4]); }
