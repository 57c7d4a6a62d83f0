# SPDX-License-Identifier: GPL-2.0-or-later
# What D calls each kind of mistake (-x errtags): a tag and a program that makes the mistake, a line each.
. "$TESTDIR/lib.sh"
needs root btf

ln -s "$PLY" dtrace
PATH=$PWD:$PATH

while IFS=$'\t' read -r want program; do
	printf '%s\n' "${program//;;/$'\n'}" >try.d
	run dtrace -xerrtags -w -e -s try.d
	expect_status 1
	got=$(sed -n 's/^dtrace: .*\[\(D_[A-Z_]*\)\].*/\1/p' err | head -n1)
	[ "$got" = "$want" ] || fail "$program: $got, not $want"
done <<'EOF'
D_SYNTAX	BEGIN { exit(0) 
D_SYNTAX	BEGIN { x = ; }
D_SYNTAX	BEGIN { 3 + ; exit(0); }
D_INT_OFLOW	BEGIN { x = 0x1ffffffffffffffff; }
D_INT_DIGIT	BEGIN { x = 089; }
D_INT_DIGIT	BEGIN { x = 0xfg; }
D_STR_NL	BEGIN { x = "abc\n"; y = "abc
D_CHR_NL	BEGIN { x = 'a
D_CHR_NULL	BEGIN { x = ''; }
D_CHR_OFLOW	BEGIN { x = 'abcdefghi'; }
D_MACRO_UNDEF	BEGIN { x = $nothing; }
D_MACRO_UNDEF	BEGIN { x = $1; }
D_MACRO_OFLOW	BEGIN { x = $99999999999999999999; }
D_IDENT_UNDEF	BEGIN { x = undefd; }
D_FUNC_IDKIND	BEGIN { x = pid(); }
D_DECL_BADCLASS	register int x; BEGIN { }
D_DECL_BADCLASS	static int x; BEGIN { }
D_DECL_CLASS	self static int x; BEGIN { }
D_DECL_CLASS	typedef self int x; BEGIN { }
D_DECL_PARMCLASS	int x[self int]; BEGIN { }
D_DECL_PARMCLASS	inline int f[static int a] = a; BEGIN { }
D_DECL_SCOPE	int foo`bar; BEGIN { }
D_DECL_LONGINT	long string x; BEGIN { }
D_DECL_LONGINT	short struct s x; BEGIN { }
D_DECL_SIGNINT	unsigned string x; BEGIN { }
D_DECL_ARRNULL	int x[]; BEGIN { }
D_DECL_ARRNULL	this int x[]; BEGIN { }
D_DECL_PROTO_VARARGS	int x[int, ...]; BEGIN { }
D_DECL_PROTO_FORM	int x[..., int]; BEGIN { }
D_DECL_PROTO_TYPE	struct s { int a; }; int x[struct s]; BEGIN { }
D_DECL_IDRED	int x; long x; BEGIN { }
D_DECL_IDRED	int x[int]; int x[string]; BEGIN { }
D_DECL_USELESS	int; BEGIN { }
D_DECL_USELESS	unsigned ; BEGIN { }
D_DECL_PROTO_NAME	inline int f[int x, int x] = 5; BEGIN { trace(f[1, 2]); }
D_IDENT_UNDEF	BEGIN { printf("%d", self->foo); }
D_IDENT_UNDEF	BEGIN { printf("%d", this->foo); }
D_IDENT_BADREF	BEGIN { x[1] = 1; y = x; }
D_IDENT_BADREF	BEGIN { x = 1; y = x[1]; }
D_FUNC_UNDEF	BEGIN { foo(1); }
D_FUNC_IDKIND	BEGIN { pid(1); }
D_FUNC_IDKIND	int x; BEGIN { x(1); }
D_IDENT_BADREF	BEGIN { x = trace; }
D_PROTO_LEN	BEGIN { x = strlen(); }
D_PROTO_LEN	BEGIN { x = strlen("a", "b"); }
D_PROTO_LEN	BEGIN { x[1,2] = 1; x[1] = 2; }
D_PROTO_LEN	BEGIN { @x[1,2] = count(); @x[1] = count(); }
D_PROTO_LEN	BEGIN { @x = count(1); }
D_PROTO_LEN	BEGIN { @x = sum(); }
D_PROTO_LEN	BEGIN { exit(); }
D_PROTO_LEN	BEGIN { exit(0, 1); }
D_PROTO_ARG	BEGIN { x = strlen(1); }
D_PROTO_ARG	BEGIN { x[1] = 1; x["a"] = 2; }
D_PROTO_ARG	BEGIN { @x[1] = count(); @x["a"] = count(); }
D_PROTO_ARG	BEGIN { exit("x"); }
D_PROTO_ARG	BEGIN { x = copyinstr("x"); }
D_PROTO_ARG	BEGIN { x = progenyof("x"); }
D_PROTO_ARG	BEGIN { x = strjoin("a", 3); }
D_PROTO_ARG	BEGIN { x = lltostr("a"); }
D_PRED_SCALAR	BEGIN /@a/ { @a = count(); }
D_SIZEOF_TYPE	BEGIN { @a = count(); trace(sizeof(@a)); }
D_SIZEOF_BITFIELD	struct s { int a:3; }; struct s x; BEGIN { trace(sizeof(x.a)); }
D_OP_ARRFUN	int a[5]; BEGIN { a = 3; }
D_OP_ARRFUN	int a[5]; BEGIN { a = 0; }
D_OP_INCOMPLETE	struct nosuch *p; BEGIN { trace(p->x); }
D_OP_INCOMPAT	BEGIN { trace(pid ? 1 : "a"); }
D_ARR_BADREF	int a[5]; BEGIN { trace(a[1, 2]); }
D_CAST_INVAL	struct s { int a; }; BEGIN { trace((struct s)5); }
D_PRAGMA_MALFORM	#pragma D
D_PRAGERR	#error not like this
D_DECL_MNAME	struct s { int a; int a; }; BEGIN { }
D_DECL_LOCASSC	this int x[int]; BEGIN { }
D_LQUANT_STEPVAL	BEGIN { @a = lquantize(1, 0, 10, 70000); }
D_LLQUANT_FACTORVAL	BEGIN { @a = llquantize(1, -1, 0, 6, 20); }
D_LLQUANT_NSTEPVAL	BEGIN { @a = llquantize(1, 10, 0, 6, -3); }
D_PRINTF_DYN_PROTO	BEGIN { printf("%*d", 1); }
D_PRINTF_DYN_TYPE	BEGIN { printf("%*d", "x", 1); }
D_PRINTF_AGG_CONV	BEGIN { printf("%@d", 1); }
D_PRINTF_ARG_PROTO	BEGIN { printf("%d"); }
D_PRINTF_ARG_TYPE	BEGIN { printf("%d", "x"); }
D_PRINTF_ARG_TYPE	BEGIN { @a = count(); printf("%d", @a); }
D_PRINTF_ARG_EXTRA	BEGIN { printf("%d", 1, 2); }
D_PRINTF_ARG_FMT	BEGIN { printf(1); }
D_PROTO_LEN	BEGIN { printf(); }
D_PRINTA_PROTO	BEGIN { printa(); }
D_PRINTA_AGGARG	BEGIN { printa(3); }
D_PRINTA_AGGARG	BEGIN { @a = count(); printa("%@d", 3); }
D_PRINTA_AGGBAD	BEGIN { printa(@nope); }
D_PRINTA_AGGKEY	BEGIN { @a[1] = count(); @b["x"] = count(); printa(@a, @b); }
D_PRINTF_ARG_TYPE	BEGIN { @a["x"] = count(); printa("%d", @a); }
D_PRINTF_ARG_PROTO	BEGIN { @a["x"] = count(); printa("%s %d %@d", @a); }
D_TRACE_VOID	BEGIN { trace(trace(1)); }
D_TRACE_VOID	BEGIN { trace((void)1); }
D_PROTO_LEN	BEGIN { trace(); }
D_PROTO_LEN	BEGIN { trace(1, 2); }
D_TRACE_AGG	BEGIN { @a = count(); trace(@a); }
D_STACK_PROTO	BEGIN { stack(1, 2); }
D_STACK_SIZE	BEGIN { stack(pid); }
D_STACK_SIZE	BEGIN { stack("x"); }
D_USTACK_FRAMES	BEGIN { ustack(pid); }
D_USTACK_STRSIZE	BEGIN { ustack(1, pid); }
D_USTACK_PROTO	BEGIN { ustack(1, 2, 3); }
D_LQUANT_BASETYPE	BEGIN { @ = lquantize(1, pid, 10); }
D_LQUANT_LIMTYPE	BEGIN { @ = lquantize(1, 0, pid); }
D_LQUANT_LIMTYPE	BEGIN { @ = lquantize(1, 0, "x"); }
D_LQUANT_MISMATCH	BEGIN { @ = lquantize(1, 10, 0); }
D_LQUANT_STEPTYPE	BEGIN { @ = lquantize(1, 0, 10, pid); }
D_LQUANT_STEPVAL	BEGIN { @ = lquantize(1, 0, 10, -1); }
D_LQUANT_STEPLARGE	BEGIN { @ = lquantize(1, 0, 10, 20); }
D_LQUANT_STEPSMALL	BEGIN { @ = lquantize(1, 0, 100000, 1); }
D_LQUANT_BASEVAL	BEGIN { @ = lquantize(1, 0x1ffffffff, 0x2ffffffff); }
D_LQUANT_LIMVAL	BEGIN { @ = lquantize(1, 0, 0x2ffffffff); }
D_LQUANT_MATCHBASE	BEGIN { @ = lquantize(1, 0, 10); @ = lquantize(1, 1, 10); }
D_LQUANT_MATCHLIM	BEGIN { @ = lquantize(1, 0, 10); @ = lquantize(1, 0, 11); }
D_LQUANT_MATCHSTEP	BEGIN { @ = lquantize(1, 0, 10, 1); @ = lquantize(1, 0, 10, 2); }
D_LLQUANT_FACTORTYPE	BEGIN { @ = llquantize(1, pid, 0, 6, 20); }
D_LLQUANT_FACTORVAL	BEGIN { @ = llquantize(1, 1000000, 0, 6, 20); }
D_LLQUANT_FACTORSMALL	BEGIN { @ = llquantize(1, 1, 0, 6, 20); }
D_LLQUANT_LOWTYPE	BEGIN { @ = llquantize(1, 10, pid, 6, 20); }
D_LLQUANT_LOWVAL	BEGIN { @ = llquantize(1, 10, -1, 6, 20); }
D_LLQUANT_HIGHTYPE	BEGIN { @ = llquantize(1, 10, 0, pid, 20); }
D_LLQUANT_HIGHVAL	BEGIN { @ = llquantize(1, 10, 0, -6, 20); }
D_LLQUANT_NSTEPTYPE	BEGIN { @ = llquantize(1, 10, 0, 6, pid); }
D_LLQUANT_NSTEPVAL	BEGIN { @ = llquantize(1, 10, 0, 6, 100000); }
D_LLQUANT_MAGRANGE	BEGIN { @ = llquantize(1, 10, 6, 0, 20); }
D_LLQUANT_MAGTOOBIG	BEGIN { @ = llquantize(1, 10, 0, 50, 20); }
D_LLQUANT_FACTOREVEN	BEGIN { @ = llquantize(1, 10, 0, 6, 21); }
D_LLQUANT_FACTORNSTEPS	BEGIN { @ = llquantize(1, 10, 0, 6, 5); }
D_LLQUANT_LOWMATCH	BEGIN { @ = llquantize(1, 10, 0, 6, 20); @ = llquantize(1, 10, 1, 6, 20); }
D_LLQUANT_HIGHMATCH	BEGIN { @ = llquantize(1, 10, 0, 6, 20); @ = llquantize(1, 10, 0, 5, 20); }
D_LLQUANT_NSTEPMATCH	BEGIN { @ = llquantize(1, 10, 0, 6, 20); @ = llquantize(1, 10, 0, 6, 10); }
D_CLEAR_PROTO	BEGIN { clear(); }
D_CLEAR_AGGARG	BEGIN { clear(3); }
D_CLEAR_AGGBAD	BEGIN { clear(@nope); }
D_NORMALIZE_PROTO	BEGIN { normalize(); }
D_NORMALIZE_PROTO	BEGIN { @a = count(); normalize(@a); }
D_NORMALIZE_SCALAR	BEGIN { @a = count(); normalize(@a, "x"); }
D_NORMALIZE_AGGARG	BEGIN { normalize(3, 3); }
D_NORMALIZE_AGGBAD	BEGIN { normalize(@nope, 3); }
D_NORMALIZE_PROTO	BEGIN { denormalize(); }
D_NORMALIZE_AGGARG	BEGIN { denormalize(3); }
D_NORMALIZE_AGGBAD	BEGIN { denormalize(@nope); }
D_TRUNC_PROTO	BEGIN { trunc(); }
D_TRUNC_SCALAR	BEGIN { @a = count(); trunc(@a, "x"); }
D_TRUNC_AGGARG	BEGIN { trunc(3); }
D_TRUNC_AGGBAD	BEGIN { trunc(@nope); }
D_AGG_REDEF	BEGIN { @a = count(); @a = sum(3); }
D_AGG_FUNC	BEGIN { @a = 3; }
D_AGG_FUNC	BEGIN { @a = strlen("x"); }
D_AGG_NULL	BEGIN { @a; }
D_AGG_SCALAR	BEGIN { @a = sum("x"); }
D_AGG_SCALAR	BEGIN { @a = avg("x"); }
D_AGG_SCALAR	BEGIN { @a = quantize("x"); }
D_AGG_COMM	BEGIN { commit(1); @a = count(); }
D_AGG_SPEC	BEGIN { speculate(1); @a = count(); }
D_ACT_SPEC	BEGIN { speculate(1); clear(@a); }
D_ACT_SPEC	BEGIN { speculate(1); system("x"); }
D_EXIT_SPEC	BEGIN { speculate(1); exit(0); }
D_SPEC_SPEC	BEGIN { speculate(1); speculate(2); }
D_SPEC_COMM	BEGIN { commit(1); speculate(1); }
D_SPEC_DREC	BEGIN { trace(1); speculate(1); }
D_COMM_COMM	BEGIN { commit(1); commit(2); }
D_COMM_DREC	BEGIN { trace(1); commit(1); }
D_DREC_COMM	BEGIN { commit(1); trace(1); }
D_PROTO_LEN	BEGIN { speculate(); }
D_PROTO_LEN	BEGIN { commit(); }
D_PROTO_LEN	BEGIN { discard(); }
D_PROTO_ARG	BEGIN { commit("x"); }
D_PROTO_LEN	BEGIN { x = speculation(1); }
D_PRED_SCALAR	BEGIN / "x" / { trace(1); }
D_PRED_SCALAR	struct s { int a; } y; BEGIN /y/ { trace(1); }
D_PDESC_ZERO	nosuch:a:b:c { trace(1); }
D_PDESC_ZERO	BEGINx { trace(1); }
D_EXPR_NULL	BEGIN { pid; }
D_DIV_ZERO	BEGIN { x = 1/0; }
D_DIV_ZERO	BEGIN { x = 1%0; }
D_OP_INCOMPAT	BEGIN { x = "a" + 1; }
D_OP_INCOMPAT	BEGIN { x = 1; x = "a"; }
D_OP_INCOMPAT	BEGIN { x = "a" == 1; }
D_OP_INCOMPAT	BEGIN { x = pid ? "a" : 1; }
D_OP_ARITH	BEGIN { x = "a" * 2; }
D_OP_ARITH	BEGIN { x = -"a"; }
D_OP_INT	BEGIN { x = "a" % 2; }
D_OP_INT	BEGIN { x = ~"a"; }
D_OP_INT	BEGIN { x = "a" << 2; }
D_OP_INT	BEGIN { x = "a" | 2; }
D_OP_SCALAR	BEGIN { x = "a" && 2; }
D_OP_SCALAR	BEGIN { x = !"a"; }
D_OP_SCALAR	BEGIN { x = "a" ? 1 : 2; }
D_OP_LVAL	BEGIN { 3 = 4; }
D_OP_LVAL	BEGIN { 3++; }
D_OP_WRITE	BEGIN { pid = 4; }
D_OP_WRITE	BEGIN { pid++; }
D_OP_WRITE	BEGIN { arg0 = 4; }
D_OP_ACT	BEGIN { x = trace(3); }
D_OP_PTR	BEGIN { x = pid->foo; }
D_OP_SOU	BEGIN { x = pid.foo; }
D_DEREF_NONPTR	BEGIN { x = *pid; }
D_DEREF_VOID	BEGIN { x = *(void *)0; }
D_ADDROF_VAR	BEGIN { x = &pid; }
D_ADDROF_LVAL	BEGIN { x = &3; }
D_OP_INCOMPLETE	BEGIN { x = (struct nosuch *)0; y = x->a; }
D_SYNTAX	BEGIN { x = (nosuch_t)0; }
D_SIZEOF_TYPE	BEGIN { x = sizeof(void); }
D_SIZEOF_TYPE	BEGIN { x = sizeof(trace(1)); }
D_OFFSETOF_TYPE	BEGIN { x = offsetof(int, a); }
D_OFFSETOF_BITFIELD	struct s { int a:3; }; BEGIN { x = offsetof(struct s, a); }
D_TYPE_MEMBER	struct s { int a; }; BEGIN { x = offsetof(struct s, b); }
D_STRINGOF_TYPE	BEGIN { x = stringof(trace(1)); }
D_STRINGOF_TYPE	struct s { int a; } z; BEGIN { x = stringof(z); }
D_DECL_IDRED	int x; string x; BEGIN { exit(0); }
D_DECL_IDRED	int pid; BEGIN { exit(0); }
D_DECL_CHARATTR	long char x; BEGIN { exit(0); }
D_DECL_VOIDATTR	unsigned void *x; BEGIN { exit(0); }
D_DECL_VOIDOBJ	void x; BEGIN { exit(0); }
D_DECL_COMBO	int float x; BEGIN { exit(0); }
D_DECL_INCOMPLETE	struct nosuch x; BEGIN { exit(0); }
D_DECL_ENCONST	enum e { A = "x" }; BEGIN { exit(0); }
D_DECL_ENOFLOW	enum e { A = 0x7fffffff, B }; BEGIN { exit(0); }
D_DECL_BFTYPE	struct s { string a:3; }; BEGIN { exit(0); }
D_DECL_BFSIZE	struct s { int a:33; }; BEGIN { exit(0); }
D_DECL_BFCONST	struct s { int a:-1; }; BEGIN { exit(0); }
D_DECL_ARRBIG	int x[0x7fffffffffffffff]; BEGIN { exit(0); }
D_DECL_PROTO_VOID	int x[void, int]; BEGIN { exit(0); }
D_XLATE_SOU	translator int < int B > { x = B; }; BEGIN { exit(0); }
D_XLATE_MEMB	struct a { int x; }; translator struct a < int B > { nosuch = B; }; BEGIN { exit(0); }
D_XLATE_INCOMPAT	struct a { int x; }; translator struct a < int B > { x = "abc"; }; BEGIN { exit(0); }
D_XLATE_NONE	struct a { int x; }; BEGIN { y = xlate <struct a *>(pid)->x; }
D_XLATE_NOCONV	struct a { int x; int y; }; translator struct a < int B > { x = B; }; BEGIN { y = xlate <struct a>(pid).y; }
D_ARGS_IDX	syscall::read:entry { x = args[10]; }
D_ARGS_TYPE	syscall::read:entry { x = args[pid]; }
D_EMPTY	int x;
D_OP_VFPTR	BEGIN { x = (void *)0 + 1; }
D_PROC_BADPID	pid:libc:malloc:entry { }
D_PROC_BADPID	pid12x:libc:malloc:entry { }
D_PROC_GRAB	pid99999999:libc:malloc:entry { }
D_PROC_LIB	pid$pid:libnosuch:malloc:entry { }
D_PROC_FUNC	pid$pid:libc:no_such_function:entry { }
D_PROC_FUNC	pid$pid:libc:no_such_function:4 { }
D_PROC_NAME	pid$pid:libc:malloc:begin { }
D_PROC_OFF	pid$pid:libc:malloc:fffffff { }
D_PRAGMA_INVAL	#pragma nosuch D;;BEGIN { exit(0); }
D_PRAGMA_INVAL	#pragma D nosuch x;;BEGIN { exit(0); }
D_PRAGMA_MALFORM	#pragma D attributes;;BEGIN { exit(0); }
D_PRAGMA_MALFORM	#pragma D binding "1.0";;BEGIN { exit(0); }
D_PRAGMA_INVAL	#pragma D attributes Nice/Stable/Common x;;int x; BEGIN { exit(0); }
D_PRAGMA_INVAL	#pragma D attributes Stable/Stable x;;int x; BEGIN { exit(0); }
D_PRAGMA_INVAL	#pragma D binding "one" x;;int x; BEGIN { exit(0); }
D_PRAGMA_DEPEND	#pragma D depends_on module nosuch;;BEGIN { exit(0); }
D_PRAGMA_DEPEND	#pragma D depends_on library nosuch.d;;BEGIN { exit(0); }
D_PRAGERR	#pragma D error stop;;BEGIN { exit(0); }
D_PRAGMA_OPTSET	#pragma D option nosuch;;BEGIN { exit(0); }
D_PRAGCTL_INVAL	#nosuch;;BEGIN { exit(0); }
EOF
