#!/bin/bash
# Programs as distributions build them: bash, libc, Python, PostgreSQL.
. "${0%/*}/../lib.sh"
needs root uprobe

# a library by its short name; what its work is done by is chosen when a program starts
run ply -c 'funcs_pie 100' 'uprobe:libc:malloc /pid == $target && arg0 == 54321/ { @ = count(); }'
expect_equal "$(cat out)" '@: 100' malloc
run ply -c 'funcs_pie 100' 'uprobe:libc.so.6:strlen /pid == $target && str(arg0) == "to be measured"/ { @[func] = count(); }'
expect_match out '^  strlen +100$'

printf 'echo one\necho two\nexit\n' >input
run ply -c "bash -c 'bash --norc -i <input 2>/dev/null >&2'" 'uretprobe:bash:readline /ppid == $target || pid == $target/ { printf("%s\n", str(retval)); }'
expect_out <<'END'
echo one
echo two
exit
END

names() { sed -n 's,^      \([^+ ][^+ ]*\).*,\1,p' out | tr '\n' ' '; }

# processes that live for a moment
cat >asks.c <<'END'
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
void *volatile p;
__attribute__((noinline)) void asks(void) { p = malloc(1234567); __asm__ volatile(""); }
int main(int argc, char **argv)
{
	if (argc > 1)
		return asks(), 0;
	for (int i = 0; i < 200; i++) {
		if (!fork())
			execl(argv[0], argv[0], "once", NULL);
		wait(NULL);
	}
	return 0;
}
END
if ${CC-cc} -O2 -o asks asks.c 2>/dev/null; then
	run ply -x stackring=64m -c ./asks 'uprobe:libc:malloc /arg0 == 1234567/ { @[ustack] = count(); }'
	expect_equal "$(cat err)" ''
	expect_match out '^ +200$'
	[[ "$(names)" == "malloc asks main "*"_start " ]] || fail "processes that are gone: $(names)"
fi

# exceptions; the caller of a function whose return is probed
cat >throws.cc <<'END'
#include <stdexcept>
__attribute__((noinline)) void thrower(int i) { if (i % 2) throw std::runtime_error("odd"); __asm__ volatile(""); }
__attribute__((noinline)) int catcher(int i) { try { thrower(i); } catch (std::exception &e) { return 1; } return 0; }
int main() { int n = 0; for (int i = 0; i < 10; i++) n += catcher(i); return n != 5; }
END
if ${CXX-c++} -O2 -o throws throws.cc 2>/dev/null; then
	run ply -c ./throws 'uprobe:libstdc++:__cxa_throw /pid == $target/ { @[ustack] = count(); }
		uprobe:libstdc++:__cxa_begin_catch /pid == $target/ { @caught = count(); } uretprobe:./throws:catcher /pid == $target/ { @returned[retval] = count(); }'
	expect_equal "$(grep -c 'warning: an exception ' err) $(wc -l <err)" '1 4'
	expect_match out '^@caught: 5$'
	# of returns behind an exception Linux 6.1 counts some twice
	expect_match out '^  0 +5$'
	[[ "$(names)" =~ ^"__cxa_throw thrower(int) ".*"catcher(int) main ".*"_start "$ ]] || fail "exceptions: $(names)"
fi

python=/usr/bin/python3
if grep -q python:gc__start $python 2>/dev/null || readelf -n $python 2>/dev/null | grep -q gc__start; then
	cat >script.py <<'END'
import gc
gc.disable()
import this
for i in range(5):
    gc.collect(1)
END
	run ply -c "$python script.py" "usdt:$python:gc__start /pid == \$target && arg0 == 1/ { @collected = count(); }
		usdt:$python:import__find__load__start /pid == \$target && str(arg0) == \"this\"/ { @imported = count(); }"
	expect_match out '^@collected: 5$'
	expect_match out '^@imported: 1$'
fi

. "${0%/*}/../postgres.sh"
if postgres_start; then
	start ply "usdt:$postgres:query__start { @[str(arg0)] = count(); } usdt:$postgres:postgresql:query-done { @done[str(arg0)] = count(); }"
	for i in 1 2 3; do
		postgres_query 'select 40 + 2' "select 'x'"
	done
	stop
	postgres_stop
	expect_match out '^  select 40 \+ 2 +3$'
	expect_match out "^  select 'x' +3$"
	expect_equal "$(grep -c "select" out)" 4 'queries'
fi
# what a program only uses is a library's
cat >uses.c <<'END'
#include <stdlib.h>
int main(void) { void *volatile p = malloc(10); free(p); return 0; }
END
${CC-cc} -o uses uses.c
run ply 'uprobe:./uses:malloc { }'
expect_err <<'END'
one-liner:1:15: error: ./uses has no function 'malloc'
    uprobe:./uses:malloc { }
                  ^~~~~~
hint: it uses that of libc.so.6: uprobe:libc.so.6:malloc
END
exit 0
