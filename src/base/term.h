/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Terminals: what is said there may be coloured and fits their width, what goes elsewhere is plain and as wide as it is. */
#ifndef BASE_TERM_H
#define BASE_TERM_H

enum term_look { TERM_BOLD, TERM_ERROR, TERM_WARNING, TERM_PLACE, TERM_PLAIN };

/* What switches to a look where fd is a terminal that takes colours; "" elsewhere, with NO_COLOR set, and with TERM=dumb. */
const char *term_look(int fd, enum term_look look);
/* How many columns a line may have: COLUMNS, else what the terminal says; UINT_MAX if fd is none, or does not say. */
unsigned term_columns(int fd);

#endif
