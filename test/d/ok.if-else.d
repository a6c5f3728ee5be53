xdt:pv::hypercall
/domid != 0/
{
	@all = count();
	if (arg1 == 1) {
		@mmu = count();
	} else if (arg1 > 30)
		@late[arg1] = count();
	else {
		printf("%d\n", arg1);
		trace(arg0);
	}
	@done = count()
}
