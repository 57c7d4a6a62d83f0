# SPDX-License-Identifier: GPL-2.0-or-later
# copyout, copyoutstr: the memory of a process is written.
. "$TESTDIR/lib.sh"
needs root btf

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
