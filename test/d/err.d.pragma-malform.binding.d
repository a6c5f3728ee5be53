inline int answer = 42;
#pragma D binding 1.2 answer
BEGIN { exit(answer); }
