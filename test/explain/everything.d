/* One of each action. */
#pragma D option nspec=4

int seen[string, int];

BEGIN
{
	start = walltimestamp;
	n = 0;
}

xpv:::dom-create-start
{
	this->id = speculation();
	speculate(this->id);
	printf("%s creates\n", execname);
}

xpv:::dom-create-end
{
	seen[execname, pid]++;
	seen["last", 0] = 0;
	n += 2;
	commit(this->id);
}

xpv:::
{
}

profile-97
{
	@sum = sum(n);
	@avg = avg(n);
	@least = min(n);
	@most = max(n);
	@spread = stddev(n);
	@steps = lquantize(n, 0, 100, 10);
	normalize(@sum, 1000);
}

ERROR
{
	trace(arg4);
	stack();
	exit(1);
}

END
{
	system("date");
	trunc(@avg);
	denormalize(@sum);
}
