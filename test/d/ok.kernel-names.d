xdt:sched::on-cpu
/`xdt_curdom != 0x7fff/
{
	@[`xdt_curpcpu, `xdt_curvcpu] = lquantize(`xdt_timestamp, 0, 1000, 100);
	@n[domid, vcpuid, pcpu] = stddev(arg2);
}
