#!/bin/bash
# Places in code: usym, ufunc, umod, ucaller, reg; in D caller, sym, func, mod, %A.
. "${0%/*}/../lib.sh"
needs root btf uprobe

run ply -c 'frames_pie 5' 'uprobe:frames_pie:leaf { @u[usym(reg("ip")), umod(reg("rip"))] = count(); @f[ufunc(ucaller)] = count();
	printf("%s %s %d\n", usym(reg("ip")), ufunc(ucaller), reg("di") == arg0); }'
expect_status 0
expect_equal "$(cat err)" ''
expect_out <<EOT
leaf inner 1

@u[usym(reg("ip")), umod(reg("rip"))]
  leaf  frames_pie                     1

@f[ufunc(ucaller)]
  inner                                1
EOT

# several places of one function, in several processes, are one row; next to a stack, in one column
cat >two.sh <<'EOT'
frames_pie 3
frames_pie 4
EOT
run ply -c 'bash two.sh' 'syscall:getppid /comm == "frames_pie"/ { @[ufunc(ucaller), ustack(3)] = count(); }'
expect_match out '^  leaf +7$'
expect_equal "$(grep -cE '^  leaf' out)" 1

run ply -F json -c 'frames 2' 'syscall:getppid /pid == $target/ { @[ufunc(ucaller)] = count(); }'
expect_match out '"leaf": 2'

run ply 'BEGIN { print(reg("ip")); }'
expect_status 1
expect_match err 'registers are known in'
run ply 'uprobe:libc:malloc { print(reg("r99")); }'
expect_status 1
expect_match err "no register 'r99'"

cat >d.d <<'EOT'
syscall::getppid:entry /pid == $target/ { @u[ufunc(ucaller), umod(ucaller)] = count(); @k[func(caller), mod(caller)] = count(); printf("%A", ucaller); }
EOT
run ply -c 'frames 1' d.d
expect_match out '^ +frames`leaf +frames +1$'
expect_match out '^ +vmlinux`do_syscall_64 +vmlinux +1$'
grep -q 'frames`leaf+0x' out || fail '%A'

# D's actions; an address as %A and as %A of a key, of the process that is traced, which is gone by then
cat >e.d <<'EOT'
syscall::getppid:entry /pid == $target/ { ustack(2); stack(1); ufunc(ucaller); jstack(1); }
EOT
run ply -c 'frames 1' e.d
expect_status 0
grep -qx ' *frames`syscall+0x19' out || fail 'ustack();'
expect_equal "$(grep -c 'frames`leaf' out)" 2
cat >f.d <<'EOT'
pid$target:libc:signal:entry { @[arg1] = count(); printf("%A|", arg1); }
dtrace:::END { printa("%A %@d", @); }
EOT
run ply -c 'frames_pie 1' f.d
grep -q 'frames_pie`handler|' out && grep -q 'frames_pie`handler 1' out || fail '%A'
exit 0
