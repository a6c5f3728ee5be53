BEGIN { clear(3); }
