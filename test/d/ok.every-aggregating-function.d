struct point { int x; char name[8]; };
struct point here;

BEGIN
{
	@count = count();
	@sum[here, stack(), sym(0x10)] = sum(1);
	@quantize = quantize(2, 3);
	@lquantize = lquantize(2, 0, 10, 1, 3);
	@llquantize = llquantize(2, 10, 0, 3, 10, 3);
	@quantile = quantile(2, 50, 99, "99.9");
	@heatmap = heatmap(2, "100ms");
	@series = series(count(), 1000000000);
	@avg = series(avg(2), "1500us");
	@plain = series(2, "10hz");
}
