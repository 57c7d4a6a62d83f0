// SPDX-License-Identifier: GPL-2.0-or-later
/* What the fuzzing of ELF files begins with: a little of everything. */
enum colour { RED, GREEN = 7 };

struct point {
	int x, y : 5, z : 11;
	enum colour colour;
	struct point *next;
	union {
		long l;
		double d;
	};
	char name[4][2];
};

int shared = 3;

__attribute__((noinline)) int first(struct point *p, const char *s, double d, struct point by_value)
{
	__asm__ volatile("990: nop\n.pushsection .note.stapsdt, \"?\", \"note\"\n.balign 4\n.4byte 992f-991f, 994f-993f, 3\n"
			 "991: .asciz \"stapsdt\"\n992: .balign 4\n993: .8byte 990b, 0, 0\n.asciz \"p\"\n.asciz \"n\"\n"
			 ".asciz \"-4@%edi 8@-8(%rbp,%rax,4) 8@shared+4(%rip)\"\n994: .balign 4\n.popsection");
	return p->x + s[0] + (int)d + by_value.y;
}

long second(unsigned char a, short b, long c, void *d, int e, int f, int g)
{
	return a + b + c + (long)d + e + f + g;
}
