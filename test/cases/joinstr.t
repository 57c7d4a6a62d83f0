joinstr(): the strings of an array of addresses.

== the arguments of a program
syscall:execve /ppid == $target/ { printf("%s\n", joinstr(args.argv)); join(args.argv, ", "); }
-- args -c '/bin/sh -c "/bin/true a \"b c\" \"\" d; :"'
--
/bin/true a b c  d
/bin/true, a, b c, , d

== as much as a string holds
syscall:execve /ppid == $target/ { $s = joinstr(args.argv); printf("%s %d\n", $s, strlen($s)); }
-- args -x strsize=16 -c '/bin/sh -c "/bin/true 0123456789; :"'
--
/bin/true 01234 15

== as a key
syscall:execve /ppid == $target/ { @[joinstr(args.argv, "")] = count(); }
-- args -c '/bin/sh -c "/bin/true 1; /bin/true 1; /bin/true 2; :"'
--
@[joinstr(args.argv, "")]
  /bin/true2                           1
  /bin/true1                           2

== what cannot be read is told
BEGIN { printf("[%s]\n", joinstr(16)); exit(0); }
--
[]
-- stderr
one-liner:1:26: warning: 1 read of memory failed and gave 0 or ""
    BEGIN { printf("[%s]\n", joinstr(16)); exit(0); }
                             ^~~~~~~~~~~

== too much between
BEGIN { joinstr(0, "123456789"); }
-- status 1
-- stderr
one-liner:1:20: error: what stands between the strings has at most 8 characters
    BEGIN { joinstr(0, "123456789"); }
                       ^~~~~~~~~~~
