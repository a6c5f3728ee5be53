BEGIN { pritnf("hello"); }
