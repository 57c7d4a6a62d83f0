#!/usr/sbin/dtrace -s
:::BEGIN { }
syscall:::entry/pid == 1/{ }
syscall::read:entry,
syscall::write:entry
/arg0/
{ }
pid123:/lib/libc.so.6:malloc:entry { }
pid123:a.out::/x/ { }
profile-97/arg1/{ }
python*:::function-entry { }
read:entry
