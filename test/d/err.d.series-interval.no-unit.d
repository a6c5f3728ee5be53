BEGIN { @ = series(count(), "often"); }
