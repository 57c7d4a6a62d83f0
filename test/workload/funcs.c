// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * funcs [-w] [-t THREADS] N: every thread calls each of the functions below N times. -w: not before stdin ends.
 *
 * Built in several ways: funcs is static, funcs_pie, funcs_dyn are linked dynamically (position independent and not), funcs_stripped has
 * no symbols.
 */
#include <err.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FUNCTION __attribute__((noinline, noclone, used))

struct point {
	int x, y;
	const char *name;
};

/* Passed by value: in registers, in memory, with floating-point numbers. */
struct pair {
	short x;
	long y;
};
struct triple {
	long a, b, c;
};
struct mixed {
	double d;
	long n;
};

enum mood { MOOD_CALM = 2, MOOD_ANGRY = 7 };

/* No room for a final 0. */
struct tag {
	char text[4];
	enum mood mood;
};

volatile long sink;
short level = -5;
struct tag first_tag = { { 'f', 'u', 'l', 'l' }, MOOD_ANGRY };

/* In registers, of all sizes and signs. */
FUNCTION int f_args(signed char a, unsigned short b, int c, unsigned d, long e, const char *f)
{
	sink += a + b + c + d + e + f[0];
	return -7;
}

/* Two behind the registers. */
FUNCTION long f_stack(long a, long b, long c, long d, long e, long f, long g, long h)
{
	sink += a + b + c + d + e + f + g + h;
	return g * h;
}

FUNCTION const char *f_string(const char *s)
{
	sink += s[0];
	return s + 1;
}

FUNCTION int f_struct(const struct point *p, struct point *q)
{
	q->x = p->x + 1;
	return p->y;
}

FUNCTION long f_value(struct pair p, struct triple t, struct mixed m, int last)
{
	sink += p.x + p.y + t.c + (long)m.d + m.n;
	return last;
}

FUNCTION int f_tag(const struct tag *t, enum mood mood)
{
	sink += t->text[3];
	return mood;
}

/* What is within is known where it is. */
FUNCTION long f_locals(long n, const char *name)
{
	long twice = 2 * n;
	struct pair inside = { 7, n };

	sink += twice;
	__asm__ volatile("" : : "r"(&inside) : "memory");
	for (long step = 0; step < n; step++) {
		long square = step * step;

		__asm__ volatile("" : "+r"(square));
		sink += square + name[0] + inside.x; /* the loop */
	}
	return twice + sink;
}

FUNCTION unsigned f_recursive(unsigned n)
{
	unsigned rest = 0;

	if (n)
		rest = f_recursive(n - 1);
	__asm__ volatile("" : "+r"(rest) : : "memory"); /* no loop is made of it */
	return n + rest;
}

static FUNCTION void f_static(void)
{
	sink++;
}

/* Three calls of its own, for what lies within. */
FUNCTION void f_outer(void)
{
	f_static();
	f_static();
	f_static();
}

static long count;
static void *volatile measured;
static const char *volatile to_be_measured = "to be measured";

static void *work(void *arg)
{
	struct point p = { 3, 4, "origin" }, q = { 0 };

	for (long i = 0; i < count; i++) {
		__asm__ volatile("" : : "r"(&p) : "memory"); /* all of it is there, though not all is read */
		f_args(-1, 65535, -2, 4000000000u, -3000000000l, "six");
		f_stack(1, 2, 3, 4, 5, 6, 7, 8);
		f_string("hello");
		f_struct(&p, &q);
		f_value((struct pair){ -1, 2 }, (struct triple){ 3, 4, 5 }, (struct mixed){ 6, 7 }, 8);
		f_tag(&first_tag, MOOD_CALM);
		f_locals(3, "local");
		f_recursive(3);
		f_outer();
		/* the library's, where it is one */
		free(measured = malloc(54321));
		sink += (long)strlen(to_be_measured);
	}
	return arg;
}

int main(int argc, char **argv)
{
	int threads = 1, wait = 0, opt;

	while ((opt = getopt(argc, argv, "wt:")) != -1) {
		switch (opt) {
		case 'w': wait = 1; break;
		case 't': threads = atoi(optarg); break;
		default: return 2;
		}
	}
	if (argc - optind != 1 || threads < 1)
		errx(2, "usage: funcs [-w] [-t THREADS] N");
	count = strtol(argv[optind], NULL, 0);
	if (wait)
		poll(&(struct pollfd){ .fd = 0, .events = POLLIN }, 1, -1);

	pthread_t id[threads];

	for (int i = 1; i < threads; i++)
		if (pthread_create(&id[i], NULL, work, NULL))
			errx(1, "no thread");
	work(NULL);
	for (int i = 1; i < threads; i++)
		pthread_join(id[i], NULL);
	return 0;
}
