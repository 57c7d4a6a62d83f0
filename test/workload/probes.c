// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * probes [-w] N: fires each static probe N times; `several` is at three places. -w: not before stdin ends. probes_pie is
 * the same, position independent.
 *
 * probes:* are as <sys/sdt.h> and the compiler make them; forms:* have their arguments written by hand, in all the ways
 * that there are. forms:guarded fires only where its semaphore is raised.
 */
#include <err.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/sdt.h>
#include <unistd.h>

/* A probe here, whose note has these arguments. */
#define NOTE(name, semaphore, args) \
	"990: nop\n" \
	".pushsection .note.stapsdt, \"?\", \"note\"\n" \
	".balign 4\n" \
	".4byte 992f-991f, 994f-993f, 3\n" \
	"991: .asciz \"stapsdt\"\n" \
	"992: .balign 4\n" \
	"993: .8byte 990b, _.stapsdt.base, " semaphore "\n" \
	".asciz \"forms\"\n.asciz \"" name "\"\n.asciz \"" args "\"\n" \
	"994: .balign 4\n" \
	".popsection\n"

unsigned short guarded_semaphore __attribute__((section(".probes"), used));
const unsigned short read_only_semaphore __attribute__((used)) = 0;
int numbers[4] __attribute__((used)) = { 10, -20, 30, -40 };
volatile int sink;

void forms(void);

__asm__(
	".text\n"
	".globl forms\n"
	".type forms, @function\n"
	"forms:\n"
	"	push %rbx\n	push %rbp\n	push %r12\n	push %r13\n	push %r14\n	push %r15\n"
	"	sub $72, %rsp\n"
	"	mov $0x11223344f566f8f9, %rax\n"
	"	mov $-2, %rbx\n	mov $3, %rcx\n	mov $-4, %rdx\n	mov $-5, %rsi\n	mov $6, %rdi\n"
	"	mov $8, %r8\n	mov $-9, %r9\n	mov $10, %r10\n	mov $-11, %r11\n	mov $12, %r12\n"
	"	mov $-13, %r13\n	mov $14, %r14\n	mov $-15, %r15\n"
	NOTE("whole", "0", "8@%rax -8@%rax 4@%eax -4@%eax 2@%ax -2@%ax 1@%al -1@%al 1@%ah -1@%ah")
	NOTE("low", "0", "-8@%rbx 8@%rcx -4@%edx -1@%sil 2@%di 1@%r8b -2@%r9w 4@%r10d -8@%r11 8@%r12")
	NOTE("high", "0", "-4@%r13d 8@%r14 -1@%r15b %rbx")
	"	movq $100, (%rsp)\n	movl $-101, 8(%rsp)\n	movw $-102, 12(%rsp)\n	movb $-103, 14(%rsp)\n"
	"	movl $104, 24(%rsp)\n	movl $-105, 28(%rsp)\n"
	"	lea 16(%rsp), %rbp\n"
	"	mov $2, %rcx\n	mov %rsp, %rdx\n"
	NOTE("memory", "0", "8@(%rsp) -4@8(%rsp) -2@-4(%rbp) -1@-2(%rbp) 4@8(%rbp) -4@0xc(%rbp) 1@-2(%rbp) -4@(%rdx,%rcx,4) "
	     "4@8(%rdx,%rcx,8) -4@8(%rbp,%rcx,2)")
	"	lea numbers(%rip), %rdi\n"
	NOTE("symbol", "0", "-4@numbers(%rip) -4@numbers+4(%rip) 4@8+numbers(%rip) -4@numbers+12 8@%rdi 8@$numbers 8@$numbers+4")
	NOTE("constant", "0", "-4@$-5 8@$5 4@$4294967295 -1@$-1 8@$0x7fffffffffffffff -8@$-9223372036854775808 1@$300")
	NOTE("strange", "0", "8@$1 8f@%xmm0 8@%fs:40 16@%rax 8@no_such_symbol(%rip) 8@((( 4@.LC0(%rip) 8@$2")
	NOTE("bare", "0", "")
	NOTE("constant_semaphore", "read_only_semaphore", "8@$1")
	NOTE("odd_semaphore", "guarded_semaphore+1", "8@$1")
	"	add $72, %rsp\n"
	"	pop %r15\n	pop %r14\n	pop %r13\n	pop %r12\n	pop %rbp\n	pop %rbx\n"
	"	ret\n"
	".size forms, . - forms\n");

/* What the compiler makes of an argument depends on where it has it. */
__attribute__((noipa)) static void several(int n, const char *s)
{
	int array[3] = { n, n + 1, n + 2 };
	volatile short on_stack = (short)(n + 3);

	DTRACE_PROBE2(probes, several, 7, s);
	__asm__ volatile("" : : "r"(array) : "memory");
	DTRACE_PROBE2(probes, several, array[n & 1], s + 1);
	DTRACE_PROBE2(probes, several, on_stack, "three");
	sink += on_stack;
}

__attribute__((noipa)) static void typed(signed char c, unsigned short h, long l, unsigned long ul, const char *s, int *p)
{
	DTRACE_PROBE6(probes, typed__args, c, h, l, ul, s, p);
	sink += c + h;
}

int main(int argc, char **argv)
{
	int wait = 0, opt, eleven = 11;
	long n;

	while ((opt = getopt(argc, argv, "w")) != -1) {
		if (opt != 'w')
			return 2;
		wait = 1;
	}
	if (argc - optind != 1)
		errx(2, "usage: probes [-w] N");
	n = strtol(argv[optind], NULL, 0);
	if (wait)
		poll(&(struct pollfd){ .fd = 0, .events = POLLIN }, 1, -1);
	for (long i = 0; i < n; i++) {
		forms();
		several(20, "_first");
		typed(-1, 65535, -2, ~0ul, "typed", &eleven);
		DTRACE_PROBE(probes, nothing);
		DTRACE_PROBE1(probes, constant, 42);
		if (*(volatile unsigned short *)&guarded_semaphore)
			__asm__ volatile(NOTE("guarded", "guarded_semaphore", "8@$1"));
	}
	return 0;
}
