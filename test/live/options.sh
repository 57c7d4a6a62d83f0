#!/bin/bash
# Options that a script has by name, its help, and specs that stand for others.
. "${0%/*}/../lib.sh"
needs root

cat >opts.ply <<'EOF'
#!/usr/bin/env ply
/*
 * opts: shows its options.
 *
 * And nothing else.
 */
inline int seconds = getopt("seconds|s", 5, "how long to run");
inline string dir = getopt("dir|d", "/tmp", "which folder");
BEGIN { printf("%d %s %d %d\n", seconds, dir, getopt("all|a"), $#); exit(0); }
interval:s:$seconds { exit(1); }
EOF
expect() {
	local out=$1

	shift
	run ply opts.ply "$@"
	expect_status 0
	expect_equal "$(cat out)" "$out" "$*"
}
expect '5 /tmp 0 0'
expect '3 /tmp 0 2' -s 3 x y
expect '9 /x 1 1' --seconds=9 -a --dir /x -- -z
expect '7 /tmp 1 1' -as7 -5

run ply opts.ply --help
expect_status 0
expect_out <<EOF
opts: shows its options.

And nothing else.

usage: opts.ply [options]
  -s, --seconds=NUMBER     how long to run (5)
  -d, --dir=TEXT           which folder (/tmp)
  -a, --all
EOF

wrong() {
	local err=$1

	shift
	run ply opts.ply "$@"
	expect_status 2
	expect_equal "$(cat err)" "$err" "$*"
}
wrong 'opts.ply: -s needs a value' -s
wrong "opts.ply: --seconds takes a number, not 'x'" --seconds=x
wrong 'opts.ply: --all takes no value' --all=1
wrong $'opts.ply: the script has no option --second\nhint: did you mean --seconds?' --second 3
wrong $'opts.ply: the script has no option -q\nhint: --help lists them' -q

run ply 'BEGIN { print(getopt(name, 3)); }'
expect_status 1
expect_match err 'an option is a name, a default and what it is for'

# -x knows its names
unknown() {
	run ply -x "$1" 'BEGIN { exit(0); }'
	expect_status 2
	expect_equal "$(head -n 1 err)" "ply: $2"
}
unknown strsze=5 "there is no option 'strsze' of -x; did you mean 'strsize'?"
unknown ustak=fp "there is no option 'ustak' of -x; did you mean 'ustack'?"
unknown nopass=cse,no "-x nopass: there is no 'no'"
unknown nofeature=no "-x nofeature: there is no 'no'"
unknown nopass '-x nopass needs a value'
unknown defaultargs=1 '-x defaultargs takes no value'
run ply -x nopass=all -x nofeature=loop,task_storage 'BEGIN { exit(0); }'
expect_status 0

# the help of a script without options; its comment may be of lines
cat >lines.ply <<'EOF'
#!/usr/bin/env ply
#
# lines: shows itself.
#   Indented.
BEGIN { exit(0); }
EOF
run ply ./lines.ply --help
expect_out <<'EOF'
lines: shows itself.
  Indented.

usage: ./lines.ply
EOF

# bpftrace's options
run ply --unsafe -f json 'BEGIN { system("echo x"); exit(0); }'
expect_out <<'EOF'
{"type": "syscall", "data": "x\n"}
EOF

# parameters of a script without options are all its own
run ply 'BEGIN { printf("%s\n", str($1)); exit(0); }' -x
expect_equal "$(cat out)" -x 'parameter'

# the first spec that matches something; nothing, if that is allowed
run ply -c 'calls getppid 10' 'syscall:nix ?? syscall:getppid ?? syscall:getpid /pid == $target/ { @[probe] = count(); }'
expect_status 0
expect_out <<EOF
@[probe]
  syscall:getppid                     10
EOF
run ply -c 'calls getppid 10' 'syscall:nix ?? /pid == $target/ { @nix = count(); } syscall:getppid /pid == $target/ { @ = count(); }'
expect_status 0
expect_match out '^@: 10$'
run ply 'syscall:nix ?? syscall:getpid_ { }'
expect_status 1
expect_match err "'syscall:getpid_' matches no probe"

# a clause that an option turns off is not even looked for in the kernel
cat >off.ply <<'EOF'
inline int all = getopt("all|a", false);
syscall:getppid /all/ { @enter = count(); }
sysret:getppid /!all && pid == $target/ { @return = count(); }
interval:s:1 /all/ { exit(); }
EOF
run ply -v -c 'calls getppid 7' off.ply
expect_match out '^@return: 7$'
expect_match err '^attached 1 probe$'
run ply -v -c 'calls getppid 7' off.ply -a
expect_match err '^attached 2 probes$'
exit 0
