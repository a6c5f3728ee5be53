BEGIN { @ = series(count(), "1s"); @ = series(count(), "2s"); }
