/* How often each domain entered the hypervisor, by hypercall number.
 *   xpv dtrace -s examples/hypercalls-by-domain.d */
#pragma D option quiet

xdt:pv::hypercall
{
	@[domid, arg1] = count();
}

END
{
	printf("%8s %10s %10s\n", "DOMAIN", "HYPERCALL", "COUNT");
	printa("%8d %10d %@10d\n", @);
}
