xpv:::dom-create-start, xpv:::dom-destroy-start { trace(args[0]); }
