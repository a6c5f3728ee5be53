double load;

BEGIN { printf("%u", load); }
