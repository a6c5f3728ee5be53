xpv:::populate-physmap-start { trace(*args[2]); }
