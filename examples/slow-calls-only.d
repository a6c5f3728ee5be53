/* What a call did, but only of calls that took long: all of them are written down, and most are
 * thrown away. $1: nanoseconds that are long (1000000).
 *   xpv dtrace -s examples/slow-calls-only.d 500000 */
#pragma D option quiet
#pragma D option defaultargs
#pragma D option nspec=8

inline uint64_t LONG = $1 ? $1 : 1000000;

privcmd:domctl::entry,
privcmd:sysctl::entry
{
	self->spec = speculation();
	self->entered = timestamp;
}

privcmd:domctl::entry,
privcmd:sysctl::entry
/self->spec/
{
	speculate(self->spec);
	printf("%9d us  %s asks for %s %s\n",
	    timestamp / 1000, execname, probemod, probefunc);
}

privcmd:domctl::return,
privcmd:sysctl::return
/self->spec/
{
	speculate(self->spec);
	printf("              which takes %d us and yields %d\n",
	    (timestamp - self->entered) / 1000, (int)arg0);
}

privcmd:domctl::return,
privcmd:sysctl::return
/self->spec/
{
	this->isSlow = timestamp - self->entered >= LONG;
	@[this->isSlow ? "slow, and shown" : "quick, and forgotten"] = count();
}

privcmd:domctl::return,
privcmd:sysctl::return
/self->spec && this->isSlow/
{
	commit(self->spec);
	self->spec = 0;
}

privcmd:domctl::return,
privcmd:sysctl::return
/self->spec/
{
	discard(self->spec);
	self->spec = 0;
}

END
{
	printa("%-22s %@d\n", @);
}
