/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the generators here draw from: numbers that look random, and are the same again for the same seed on every machine.
 * Texts are never freed: a generator prints one program and ends.
 */
#ifndef TEST_RANDOM_H
#define TEST_RANDOM_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t random_state;

static inline uint64_t random_u64(void)
{
	/* splitmix64 */
	uint64_t x = random_state += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

/* 0 … n - 1 */
static inline unsigned pick(unsigned n)
{
	return (unsigned)(random_u64() >> 32) % n;
}

/* In n of 100 cases. */
static inline int chance(unsigned n)
{
	return pick(100) < n;
}

static char *format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static inline char *format(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	return text;
}

#define lengthof(list) (sizeof(list) / sizeof((list)[0]))
#define one_of(list) ((list)[pick(lengthof(list))])

#endif
