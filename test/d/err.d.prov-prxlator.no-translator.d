struct seen { int n; };
struct conn { int fd; };
provider web { probe hit(struct conn *c, int n) : (struct seen *c, int n); };
