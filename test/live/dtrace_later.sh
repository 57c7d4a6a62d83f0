# Probes of programs and libraries that come while the script runs: static ones by PROVIDER*, functions of the pid provider.
. "$TESTDIR/lib.sh"
needs root uprobe cookie probes loads gcc

ln -s "$PLY" dtrace
PATH=$PWD:$PATH
plugin=$(dirname "$(command -v loads)")/plugin

# there: the probes of that file are attached
there() { grep -q "^attached .* more in .*$1\$" err; }
# what was printed, with single blanks
words() { sed '/^$/d; s/  */ /g; s/^ //' out >out2 && mv out2 out; }

# a program that nobody has run before: it fires when its probes are there, and so does what runs it again
cp "$(command -v probes)" later
start dtrace -Zqn '
	forms*:::guarded { @ = count(); }
	probes*:::several { @several[probeprov, probemod, probefunc, probename, arg0, copyinstr(arg1)] = count(); }
	probes*:::several /arg0 == 20 && probefunc == "several" && probemod != "other"/ { this->n = 20; }
	probes*:::several, forms*:::bare /this->n == 20/ { @shared[probename] = count(); this->n = 0; }
	forms*:::bare { @names[strjoin(probefunc, strjoin("/", probename))] = count(); }'
hold ./later -w 20
wait_for there later
release
./later 10
stop
expect_status 0
words
expect_out <<END
30
probes later several several 7 _first 30
probes later several several 20 first 30
probes later several several 23 three 30
several 30
forms/bare 30
END

# all forms that arguments are written in
cp later forms
start dtrace -Zqn '
	forms*:::whole { printf("%x %x %x %d %x %d %x %d %x %d\n", arg0, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9); }
	forms*:::low { printf("%d %d %d %d %d %d %d %d %d %d\n", arg0, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9); }
	forms*:::high { printf("%d %d %d %d\n", arg0, arg1, arg2, arg3); }
	forms*:::memory { printf("%d %d %d %d %d %d %d %d %d %d\n", arg0, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9); }
	forms*:::constant { printf("%d %d %d %d %d %d %d\n", arg0, arg1, arg2, arg3, arg4, arg5, arg6); }
	forms*:::symbol { printf("%d %d %d %d %d %d\n", arg0, arg1, arg2, arg3, arg4 - arg5, arg6 - arg5); }
	forms*:::strange { printf("%d %d\n", arg0, arg7); }
	probes*:::typed-args { printf("%d %u %d %d %s\n", arg0, arg1, arg2, args[3], copyinstr(arg4)); }'
hold ./forms -w 1
wait_for there forms
release
stop
words
expect_out <<END
11223344f566f8f9 11223344f566f8f9 f566f8f9 -177800967 f8f9 -1799 f9 -7 f8 -8
-2 3 -4 -5 6 8 -9 10 -11 12
-13 14 -15 -2
100 -101 -102 -103 104 -105 153 -101 104 -105
10 -20 30 -40 0 4
-5 5 4294967295 -1 9223372036854775807 -9223372036854775808 44
1 2
-1 65535 -2 -1 typed
END

# a library that a process loads: its static probes, and its functions
hold loads "$plugin" 5
start dtrace -Zqp $held -n '
	pid$target::plugin_*:entry { @[probefunc, probename] = sum(arg0); }
	pid$target::plugin_second:return { @results[probefunc, probename] = sum(arg1); }
	pid$target::plugin_second:return { @returns[probemod] = count(); }
	plugin$target:::first-called { @static[probename, copyinstr(arg1)] = sum(arg0); }'
echo >&9
wait_for there plugin
release
ended
words
expect_out <<END
plugin_first entry 10
plugin_second entry 10
plugin_second return 20
plugin 5
first-called first 10
END

# there is a limit, which is told
for ((i = 0; i < 970; i++)); do
	echo "void many_$i(void) {}"
done | sed '$a int plugin_first(int i) { many_969(); return i; } int plugin_second(int i) { many_1(); return i; }' >many.c
gcc -fPIC -shared -o many.so many.c
hold loads ./many.so 5
start dtrace -Zqp $held -n 'pid$target:many.so:many_*:entry,pid$target:many.so:plugin_second:entry { @ = count(); }'
echo >&9
wait_for there many.so
release
ended
expect_match err 'more than 960 places in files that came later match; the others are not probed$'
[[ "$(cat out)" =~ ([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge 5 ] && [ "${BASH_REMATCH[1]}" -le 15 ] || fail "what there is room for: $(cat out)"

# of another process nothing is told
hold loads "$plugin" 5
start dtrace -Zqp $held -n 'pid$target::plugin_first:entry { @[arg0] = count(); }'
(echo | loads "$plugin" 7)
echo >&9
wait_for there plugin
(echo | loads "$plugin" 7)
release
ended
words
expect_out <<END
0 1
1 1
2 1
3 1
4 1
END

# without -Z what nobody has yet is an error, still
run dtrace -qn 'plugin*:::first-called { @ = count(); }' -c true
expect_status 1
expect_match err 'probe description plugin\*:::first-called does not match any probes'
