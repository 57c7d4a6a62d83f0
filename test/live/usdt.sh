#!/bin/bash
# Static probes of user programs: their places, the arguments of every form, semaphores, globs, a process; refusals.
. "${0%/*}/../lib.sh"
needs root uprobe probes

run ply -c 'probes 50' 'usdt:probes:probes:nothing /pid == $target/ { @ = count(); }'
expect_status 0
expect_equal "$(cat out)" '@: 50'
run ply -c 'probes 50' 'U:probes:nothing /pid == $target/ { @[probe, probeprov, probename] = count(); }'
expect_match out '^  usdt:probes:probes:nothing +probes +nothing +50$'

# several places are one probe, each with arguments of its own
for how in probes probes_pie; do
	run ply -c "$how 2" "usdt:$how:several /pid == \$target/ { printf(\"%d %s\n\", arg0, str(arg1)); @[probe, func] = count(); }"
	expect_equal "$(head -6 out)" "$(printf '7 _first\n20 first\n23 three\n%.0s' 1 2)" "$how"
	expect_match out "^  usdt:$how:probes:several +several +6$"
done

# one place read, all counted
run ply -c 'probes 2' 'usdt:probes:several /pid == $target && arg0 == 20/ { printf("%s\n", str(arg1)); } usdt:probes:several /pid == $target/ { @ = count(); }'
expect_out <<'END'
first
first
@: 6
END

# all forms that arguments are written in
run ply -c 'probes 1' '
	usdt:probes:forms:whole { printf("%x %x %x %d %x %d %x %d %x %d\n", arg0, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9); }
	usdt:probes:forms:low { printf("%d %d %d %d %d %d %d %d %d %d\n", arg0, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9); }
	usdt:probes:forms:high { printf("%d %d %d %d\n", arg0, arg1, arg2, arg3); }
	usdt:probes:forms:memory { printf("%d %d %d %d %d %d %d %d %d %d\n", arg0, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9); }
	usdt:probes:forms:constant { printf("%d %d %d %d %d %d %d\n", arg0, arg1, arg2, arg3, arg4, arg5, arg6); }
	usdt:probes:forms:strange { printf("%d %d\n", arg0, arg7); }'
expect_status 0
expect_out <<'END'
11223344f566f8f9 11223344f566f8f9 f566f8f9 -177800967 f8f9 -1799 f9 -7 f8 -8
-2 3 -4 -5 6 8 -9 10 -11 12
-13 14 -15 -2
100 -101 -102 -103 104 -105 153 -101 104 -105
-5 5 4294967295 -1 9223372036854775807 -9223372036854775808 44
1 2
END
for how in probes probes_pie; do
	run ply -c "$how 1" "usdt:$how:forms:symbol { printf(\"%d %d %d %d %d %d\n\", arg0, arg1, arg2, arg3, arg4 - arg5, arg6 - arg5); }"
	expect_equal "$(cat out)" '10 -20 30 -40 0 4' "symbols in $how"
done
run ply -c 'probes 1' 'usdt:probes:typed-args { printf("%d %u %d %d %s\n", arg0, arg1, arg2, arg3, str(arg4)); }'
expect_equal "$(cat out)" '-1 65535 -2 18446744073709551615 typed' 'types'

# its own counter of listeners tells a program that it is traced, in the process that is meant
run ply -c 'probes 30' 'usdt:probes:guarded /pid == $target/ { @ = count(); }'
expect_equal "$(cat out)" '@: 30' 'semaphore'
hold probes -w 20
start ply -p $held 'usdt:probes:guarded, usdt:probes:nothing { @[probename] = count(); }'
probes 5
release
ended
expect_out <<'END'
@[probename]
  guarded                             20
  nothing                             20
END

# one that the kernel could not count in
for name in constant_semaphore odd_semaphore; do
	for how in probes probes_pie; do
		run ply -c "$how 3" "usdt:$how:forms:$name /pid == \$target/ { @ = sum(arg0); }"
		expect_equal "$(cat out)" '@: 3' "$how $name"
		expect_match err "warning: the semaphore of forms:$name cannot be raised: 0x[0-9a-f]+ is not in the data of $how;"
	done
done

# globs
run ply -c 'probes 3' 'usdt:probes:pro*:* /pid == $target/ { @[probename] = count(); }'
expect_out <<'END'
@[probename]
  constant                             3
  nothing                              3
  typed__args                          3
  several                              9
END

# wherever the process has it
run ply -c 'probes 3' 'usdt:*:several /pid == $target/ { @[probe] = count(); }'
expect_match out '^  usdt:probes:probes:several +9$'
run ply 'usdt:*:several { @ = count(); }'
expect_err <<'END'
one-liner:1:6: error: which files '*' means depends on the process
    usdt:*:several { @ = count(); }
         ^
hint: -p and -c say which; else the spec has to name a program or library
END

# a path may be a glob
mkdir v1 v2 && cp "$(command -v probes)" v1/ && cp "$(command -v probes)" v2/ && cp "$(command -v funcs)" v2/
run ply -c 'v1/probes 3' 'usdt:./v?/*:several /pid == $target/ { @[probe] = count(); }'
expect_match out '^  usdt:./v1/probes:probes:several +9$'
run ply -l "usdt:$PWD/v*/probes:nothing"
expect_out <<END
usdt:$PWD/v1/probes:nothing
usdt:$PWD/v2/probes:nothing
END
run ply 'usdt:./v*/funcs:several { @ = count(); }'
expect_match err "error: no file './v\*/funcs' has 'several'"
run ply 'usdt:./v*/no:several { @ = count(); }'
expect_match err "error: there is no file './v\*/no'"
cp v1/probes 'v[1]'
run ply -c './v[1] 3' 'usdt:./v[1]:several /pid == $target/ { @ = count(); }'
expect_out <<<'@: 9'

# what is not there
run ply 'usdt:probes:nothin { @ = count(); }'
expect_status 1
expect_err <<'END'
one-liner:1:13: error: probes has no static probe 'nothin'
    usdt:probes:nothin { @ = count(); }
                ^~~~~~
hint: did you mean 'nothing'?
END
run ply 'usdt:funcs:nothing { @ = count(); }'
expect_match err 'funcs has no static probes'
run ply 'usdt:probes:probes:several { @ = sum(arg2); }'
expect_match err 'probes:several has 2 arguments, arg0 to arg1'
run ply 'usdt:probes:nothing { @ = sum(arg0); }'
expect_match err 'probes:nothing has no arguments'
for arg in '1 floating point' "2 the thread's own" '3 larger than a number' '4 no_such_symbol' '5 not understood'; do
	run ply "usdt:probes:strange { @ = sum(arg${arg%% *}); }"
	expect_status 1
	expect_match err "${arg#* }"
done
exit 0
