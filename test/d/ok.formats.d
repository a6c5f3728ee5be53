enum state { IDLE, RUNNING } now;
char name[8];
int wide[4];
float share;
double load;
long double exact;

BEGIN
{
	printf("%d %i %u %x %c\n", now, now, now, now, now);
	printf("%s %S %ws %ls\n", name, name, wide, wide);
	printf("%e %f %g %E %G %Lf\n", share, load, load, share, load, exact);
	printf("%p %a %p\n", (int *)arg0, (int *)arg0, arg0);
	printf("%u\n", NULL);
	@[stack(), sym(arg0), usym(arg1)] = count();
	printa("%k %a %A %@u\n", @);
}
