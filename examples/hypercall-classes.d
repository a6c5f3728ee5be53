/* Which hypercalls guests make, by what they are for. A translator gives a number a name and a
 * class, so that the clause reads as the question does.
 *   xpv dtrace -s examples/hypercall-classes.d */
#pragma D option quiet
#pragma D option aggsortkey

enum class { MEMORY, CONTEXT, EVENTS, CONTROL, OTHER };

typedef struct hypercall {
	int hc_number;
	enum class hc_class;
	string hc_name;
} hypercall_t;

translator hypercall_t < uint32_t op > {
	hc_number = op;
	hc_class =
	    op == 1 || op == 12 || op == 14 || op == 26 ? MEMORY :
	    op == 3 || op == 5 || op == 23 || op == 25 ? CONTEXT :
	    op == 29 || op == 32 ? EVENTS :
	    op == 35 || op == 36 || op == 41 ? CONTROL : OTHER;
	hc_name =
	    op == 1 ? "mmu_update" :
	    op == 3 ? "stack_switch" :
	    op == 5 ? "fpu_taskswitch" :
	    op == 12 ? "memory_op" :
	    op == 13 ? "multicall" :
	    op == 14 ? "update_va_mapping" :
	    op == 15 ? "set_timer_op" :
	    op == 17 ? "xen_version" :
	    op == 18 ? "console_io" :
	    op == 20 ? "grant_table_op" :
	    op == 23 ? "iret" :
	    op == 24 ? "vcpu_op" :
	    op == 25 ? "set_segment_base" :
	    op == 26 ? "mmuext_op" :
	    op == 27 ? "xsm_op" :
	    op == 29 ? "sched_op" :
	    op == 32 ? "event_channel_op" :
	    op == 33 ? "physdev_op" :
	    op == 35 ? "sysctl" :
	    op == 36 ? "domctl" : lltostr(op);
};

inline string class_name[int c] =
    c == MEMORY ? "memory" : c == CONTEXT ? "context" :
    c == EVENTS ? "events" : c == CONTROL ? "control" : "other";

inline uint64_t now_ms = timestamp / 1000000;

xdt:pv::hypercall
{
	this->name = xlate <hypercall_t> (args[1]).hc_name;
	this->what = class_name[xlate <hypercall_t> (args[1]).hc_class];
	@calls[this->what, this->name] = count();
	@first[this->what, this->name] = min(now_ms);
	@last[this->what, this->name] = max(now_ms);
}

END
{
	printf("%-8s %-18s %8s   %s\n", "CLASS", "HYPERCALL", "CALLS", "FROM .. TO, ms");
	printa("%-8s %-18s %@8d   %@d .. %@d\n", @calls, @first, @last);
}
