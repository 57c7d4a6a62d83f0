# SPDX-License-Identifier: GPL-2.0-or-later
# copyout, copyoutstr: the memory of a process is written.
. "$TESTDIR/lib.sh"
needs root btf uprobe funcs

ln -s "$PLY" dtrace
PATH=$PWD:$PATH

run dtrace -w -qn 'syscall::write:entry /pid == $target/ { this->s = (char *)alloca(1); *this->s = 74; copyout(this->s, arg1, 1); copyoutstr("ump!", arg1 + 1, 3); }' -c 'echo hello'
if grep -q "lockdown forbids" err; then
	cannot "does not let memory of processes be written"
fi
expect_status 0
expect_out <<EOF
Jumpo

EOF

# as much as the script finds out; what is read again is what was written
run dtrace -w -qn 'syscall::write:entry /pid == $target/ { this->s = (char *)alloca(8); this->s[0] = 74; this->n = arg2 - 5; copyout(this->s, arg1, this->n);
	copyoutstr("ump!", arg1 + 1, arg2 - 3); copyout(this->s, arg1, this->n - 1); }' -c 'echo hello'
expect_status 0
expect_out <<EOF
Jumpo

EOF
run dtrace -w -qn 'syscall::write:entry /pid == $target/ { this->a = *(char *)copyin(arg1, 1); copyoutstr("j", arg1, 1); this->b = *(char *)copyin(arg1, 1); printf("%c%c ", this->a, this->b); }' -c 'echo hello'
expect_match out 'hj '
run dtrace -w -qn 'pid$target:a.out:f_struct:entry { this->a = *(int *)arg0; copyoutstr("abc", arg0, 4); this->b = *(int *)arg0; printf("%x %x ", this->a, this->b); }' -c 'funcs 1'
expect_match out '3 636261 '
