/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters in UTF-8. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The length of the character that s begins with, of which len bytes are there; 0 if it is none. */
unsigned utf8_length(const char *s, size_t len);
/* Whether the character of that length does something to a terminal; a tab does not count. */
bool utf8_is_control(const char *s, unsigned length);

#endif
