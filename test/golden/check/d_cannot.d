BEGIN
{
	chill(500000);
	panic();
	breakpoint();
	trace(msgsize(arg0));
	trace(ddi_pathname(arg0, 1));
}
