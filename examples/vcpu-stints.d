/* How each vcpu uses its time: stints on a pcpu, their number, sum and longest, and how long they
 * are altogether, in steps of a decimal ruler.
 *   xpv dtrace --machine examples/recordings/contended -s examples/vcpu-stints.d */
#pragma D option quiet
#pragma D option aggsortkey

uint64_t since[domid_t, uint32_t];

inline uint64_t us[uint64_t ns] = ns / 1000;

xdt:sched::on-cpu
{
	since[args[0], args[1]] = timestamp;
}

xdt:sched::off-cpu
/since[args[0], args[1]] != 0/
{
	this->ns = timestamp - since[args[0], args[1]];
	@stints[args[0], args[1]] = count();
	@total[args[0], args[1]] = sum(us[this->ns]);
	@longest[args[0], args[1]] = max(us[this->ns]);
	if (args[0] == 0) {
		@dom0 = llquantize(this->ns, 10, 5, 7, 10);
	} else {
		@guests = llquantize(this->ns, 10, 5, 7, 10);
	}
	since[args[0], args[1]] = 0;
}

END
{
	printf("%6s %5s %8s %10s %12s\n", "DOMAIN", "VCPU", "STINTS", "ALL, us", "LONGEST, us");
	printa("%6d %5d %@8d %@10d %@12d\n", @stints, @total, @longest);
	printf("\nStints of domain 0, in nanoseconds:");
	printa(@dom0);
	printf("Stints of its guests, in nanoseconds:");
	printa(@guests);
}
