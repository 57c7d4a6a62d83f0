// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/utf8.h"

unsigned utf8_length(const char *s, size_t len)
{
	const unsigned char *u = (const unsigned char *)s;
	unsigned n = u[0] < 0x80 ? 1 : u[0] < 0xc2 ? 0 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : u[0] < 0xf5 ? 4 : 0;

	if (n > len)
		return 0;
	for (unsigned i = 1; i < n; i++)
		if ((u[i] & 0xc0) != 0x80)
			return 0;
	/* overlong forms, surrogates, beyond Unicode */
	if ((u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] > 0x9f) || (u[0] == 0xf0 && u[1] < 0x90) ||
	    (u[0] == 0xf4 && u[1] > 0x8f))
		return 0;
	return n;
}

bool utf8_is_control(const char *s, unsigned length)
{
	unsigned char first = (unsigned char)s[0];

	/* U+0080 to U+009f do what ESC and a letter would */
	if (length == 2)
		return first == 0xc2 && (unsigned char)s[1] < 0xa0;
	return length == 1 && ((first < ' ' && first != '\t') || first == 0x7f);
}
