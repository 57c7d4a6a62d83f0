#!/bin/bash
# Functions of user programs: counts, arguments, results, names and ways of linking, refusals.
. "${0%/*}/../lib.sh"
needs root uprobe
funcs=$(command -v funcs)

# however the program is linked
for how in funcs funcs_pie funcs_dyn; do
	run ply -c "$how 100" "uprobe:$how:f_args /pid == \$target/ { @ = count(); }"
	expect_status 0
	expect_equal "$(cat out)" '@: 100' "$how"
done
run ply -c "$funcs 100" "u:$funcs:f_static /pid == \$target/ { @ = count(); }"
expect_equal "$(cat out)" '@: 300' 'a static function, by path'

# a glob's functions are told apart
run ply -c "funcs 10" 'uprobe:funcs:f_* /pid == $target/ { @[func] = count(); }'
expect_out <<'END'
@[func]
  f_args                              10
  f_locals                            10
  f_outer                             10
  f_stack                             10
  f_string                            10
  f_struct                            10
  f_tag                               10
  f_value                             10
  f_static                            30
  f_recursive                         40
END
run ply -c "funcs -t 4 1000" 'uprobe:funcs:f_st* /pid == $target/ { @[probe] = count(); }'
expect_out <<'END'
@[probe]
  uprobe:funcs:f_stack              4000
  uprobe:funcs:f_string             4000
  uprobe:funcs:f_struct             4000
  uprobe:funcs:f_static            12000
END
run ply -c "funcs 10" 'uprobe:funcs:f_* /pid == $target && func == "f_string"/ { @ = count(); }'
expect_equal "$(cat out)" '@: 10' 'compared by name'

# arguments in registers and behind them
run ply -c "funcs 1" 'uprobe:funcs:f_args /pid == $target/
	{ printf("%d %u %d %u %d %s\n", (s8)arg0, (u16)arg1, (s32)arg2, (u32)arg3, arg4, str(arg5)); }
	uprobe:funcs:f_stack /pid == $target/ { printf("%d %d %d %d\n", arg0, arg5, arg6, arg7); }'
expect_out <<'END'
-1 65535 -2 4000000000 -3000000000 six
1 6 7 8
END

# registers lead into the program's memory
run ply -c "funcs 1" 'uprobe:funcs:f_struct /pid == $target/ {
	print((*(s32 *)reg("di"), ((struct point *)regs->di)->y, *(u64 *)reg("sp") == *(u64 *)regs->sp, *(u64 *)reg("sp") != 0)); }'
expect_equal "$(cat out)" '(3, 4, 1, 1)' registers
[ ! -s err ] || fail 'memory that was not read'

# results
run ply -c "funcs 100" 'uretprobe:funcs:f_args /pid == $target/ { @[(s32)retval] = count(); }
	ur:funcs:f_string /pid == $target/ { @s[str(retval)] = count(); }'
expect_match out '^  -7 +100$'
expect_match out '^  ello +100$'
run ply -c "funcs 5" 'uretprobe:funcs:f_recursive /pid == $target/ { @[retval] = count(); }'
expect_out <<'END'
@[retval]
  0                                    5
  1                                    5
  3                                    5
  6                                    5
END

# places within
run ply -c "funcs 100" 'uprobe:funcs:f_args+0 /pid == $target/ { @[func] = count(); }'
expect_match out '^  f_args\+0 +100$'
address=$(nm "$funcs" | awk '$3 == "f_args" { print "0x" $1 }')
run ply -c "funcs 100" "uprobe:funcs:$address /pid == \$target/ { @ = count(); }"
expect_equal "$(cat out)" '@: 100' 'by address'

address=$(nm "$(command -v funcs_pie)" | awk '$3 == "f_args" { print "0x" $1 }')
run ply -c "funcs_pie 100" "uprobe:funcs_pie:$address /pid == \$target/ { @ = count(); }"
expect_equal "$(cat out)" '@: 100' 'by address, position independent'
run ply -c 'funcs_pie 1' 'uprobe:libc:pthread_create@@GLIBC_2.34 { @ = count(); }'
expect_status 0
run ply 'uprobe:libc:pthread_create@GLIBC_9.9 { @ = count(); }'
expect_status 1
expect_match err "libc has no function 'pthread_create@GLIBC_9.9'"
expect_match err '^hint: it has pthread_create@GLIBC_'

# one place, whatever it is called: its clauses run in their order, and each once
run ply -c "funcs 1" "uprobe:funcs:f_string, uprobe:$funcs:f_string /pid == \$target/ { printf(\"first\n\"); }
	u:$funcs:f_strin* /pid == \$target/ { printf(\"second %s\n\", probe); }"
expect_out <<END
first
second uprobe:$funcs:f_string
END

# a process
hold funcs -w 50
start ply -p $held 'uprobe:funcs:f_args { @ = count(); }'
funcs 20
release
ended
expect_status 0
expect_equal "$(cat out)" '@: 50' 'of one process'

# what is not there
run ply 'uprobe:funcs:f_argz { @ = count(); }'
expect_status 1
expect_err <<'END'
one-liner:1:14: error: funcs has no function 'f_argz'
    uprobe:funcs:f_argz { @ = count(); }
                 ^~~~~~
hint: did you mean 'f_args'?
END
run ply 'uprobe:funcz:f_args { @ = count(); }'
expect_match err "there is no program or library 'funcz'"
run ply 'uprobe:/nowhere/at/all:f_args { @ = count(); }'
expect_match err 'there is no file /nowhere/at/all'
run ply 'uprobe:/etc/passwd:f_args { @ = count(); }'
expect_match err '/etc/passwd is not an ELF program or library'
run ply 'uprobe:funcs:0x1 { @ = count(); }'
expect_match err 'funcs has no code at address 0x1'
run ply 'uprobe:funcs:f_args+1000000000 { @ = count(); }'
expect_match err 'f_args\+1000000000 is not within f_args of funcs'
run ply 'uprobe:libc:malloc+100000 { }'
expect_status 1
expect_match err 'malloc\+100000 is not within malloc of libc'
run ply 'uprobe:libc:malloc+1 { @ = count(); }'
expect_status 1
expect_match err 'no instruction begins at malloc\+1'
expect_match err 'the nearest begin at \+0 and \+[0-9]'
run ply 'uprobe:funcs_stripped:f_args { @ = count(); }'
expect_status 1
expect_match err 'hint: it is stripped'
head -c 3000 "$(command -v funcs)" >cut
run ply 'uprobe:./cut:f_args, usdt:./cut:several { @ = count(); }'
expect_status 1
expect_match err 'hint: the file is cut off, and its symbols are missing'
expect_match err './cut is cut off, and its static probes are missing'
run ply 'uprobe:funcs { @ = count(); }'
expect_match err "'uprobe:funcs' is not of the form uprobe:BINARY:FUNCTION"
run ply 'uretprobe:funcs:f_args { @ = sum(arg0); }'
expect_match err 'arguments are known where the function is entered'
run ply -Z -c true 'uprobe:funcs:f_argz { @ = count(); }'
expect_status 0
expect_match err "warning: funcs has no function 'f_argz'"

# without symbols the information for unwinding tells where instructions begin, and where the stack's top is the return address
address=$((0x$(nm "$funcs" | awk '$3 == "f_recursive" { print $1 }')))
cp "$funcs" whole
strip -o bare whole 2>/dev/null
inside=$(objdump -d --no-show-raw-insn whole 2>/dev/null | awk '$2 == "<f_recursive>:" { on = 1; next } on && !NF { exit } on && pushed { sub(":", "", $1); print $1; exit }
	on && /push/ { pushed = 1 }')
if [ -e bare ] && [ "$inside" ]; then
	run ply -c './bare 5' "$(printf 'uretprobe:./bare:0x%x { @[retval] = count(); }' $address)"
	expect_match out '^  6 +5$'
	run ply -e "uretprobe:./bare:0x$inside { @ = count(); }"
	expect_status 1
	expect_match err 'a uretprobe stands where a function is entered'
	run ply -c './bare 5' "uprobe:./bare:0x$inside { @ = count(); }"
	expect_status 0
	expect_match out '^@: [1-9]'
	run ply -e "$(printf 'uprobe:./bare:0x%x { @ = count(); }' $((0x$inside + 1)))"
	expect_status 1
	expect_match err "no instruction begins at 0x[0-9a-f]+: the program would go wrong"
	expect_match err "hint: the nearest begin at 0x$inside and 0x[0-9a-f]+$"
fi

# within a function the word on top of the stack is not the return address
for place in f_args+4 0x$(nm "$(command -v funcs)" | awk '$3 == "f_args" { print $1 }' | sed 's/.$/f/') funcs.c:30; do
	run ply -e "uretprobe:funcs:$place { @ = count(); }"
	expect_status 1
	expect_match err 'a uretprobe stands where a function is entered'
done
exit 0
