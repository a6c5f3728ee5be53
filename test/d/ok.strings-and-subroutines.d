BEGIN
{
	s = "/usr/lib/xen/bin/qemu";
	trace(strlen(s));
	trace(substr(s, 1, 3));
	trace(index(s, "lib", 2));
	trace(rindex(s, "/"));
	trace(strtok(s, "/"));
	trace(strtok(NULL, "/"));
	trace(strchr(s, 'x'));
	trace(strstr(s, "nope") == NULL);
	trace(basename(s));
	trace(toupper(dirname(s)));
	trace(lltostr(strtoll("0x1f", 16), 2));
	trace(htons(0x1234) + ntohl(1));
	trace(s < "a" || probename != s);
	printf("%-10s|%*d|%.3s|%5.2d|%c|%x|%Y|%%\n", s, 5, 3, s, 7, 'x', arg0, walltimestamp);
}
