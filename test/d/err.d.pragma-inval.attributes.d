inline int answer = 42;
#pragma D attributes Stable/Sometimes/Common answer
BEGIN { exit(answer); }
