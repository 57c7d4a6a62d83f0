#pragma D option quiet
BEGIN
{
	x = alloca(10);
	speculate(1);
	time = timestamp;
	printf("%d\n", time);
	printf("%s\n", zonename);
	execname = "a";
	this->a = strtoll("1");
}
