/* From wake-up to running: how long each domain's vcpus waited for a pcpu, in nanoseconds.
 *   xpv dtrace --machine examples/recordings/contended -s examples/wake-latency.d */

xdt:sched::wake
{
	woken[arg0, arg1] = timestamp;
}

xdt:sched::on-cpu
/woken[arg0, arg1]/
{
	@[arg0] = quantize(timestamp - woken[arg0, arg1]);
	woken[arg0, arg1] = 0;
}
