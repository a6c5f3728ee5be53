int counts[4];

BEGIN { printf("%s", counts); }
