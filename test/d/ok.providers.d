/* a declaration says what probes look like; it makes none */
struct seen { int n; };
struct conn { int fd; };
translator struct seen < struct conn *c > { n = c->fd; };
provider web
{
  probe hit__start(struct conn *c, int status) : (struct seen *c, int status);
  probe hit__end(void);
};
#pragma D attributes Evolving/Evolving/Common provider web provider
BEGIN { trace("ready"); }
