/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options that a script has by name: getopt("duration|d", 10, "seconds to run") is 10, or what --duration=… or -d … says.
 *
 * They are found in the script's text before it is parsed, as they tell which of the script's arguments are parameters ($1 …):
 *
 *	options_find		each getopt(…) in the text
 *	options_take		gives them the values on the command line; what is left are the parameters
 *
 * The parser puts a literal in the place of each call; in specs, $duration is the value of the option of that name.
 *
 * A name that is a digit is a place among the parameters: with getopt("interval|i|1", 1), the first one says it as well.
 */
#ifndef LANG_GETOPT_H
#define LANG_GETOPT_H

#include "base/arena.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* A process is a number, and without one $target. */
enum option_kind { OPTION_FLAG, OPTION_NUMBER, OPTION_STRING, OPTION_PROCESS };

struct script_option {
	const char *names;		/* "duration|d", as the script has it */
	enum option_kind kind;
	const char *fallback;		/* the default as text */
	const char *help;		/* NULL: none */
	const char *value;		/* as text; of flags "0" or "1" */
	int64_t number;			/* of flags and numbers */
};

struct script_options {
	VEC(struct script_option) list;
	bool wants_help;		/* --help was given */
};

/* Adds the options of a text that ends with a 0. A call with other arguments than literals is none. */
void options_find(struct arena *a, const char *text, struct script_options *options);
/*
 * Takes the options from the arguments; those that are left move to the front, and argc is their number. has_target: there is a
 * $target, or will be. NULL, or what is wrong with the arguments; *hint may then be set.
 */
const char *options_take(struct arena *a, struct script_options *options, char **argv, unsigned *argc, bool has_target,
			 const char **hint);
/* The option has not been given and is $target. */
bool option_is_target(const struct script_option *o);
/* The option with these names, or with this one among its names; NULL. */
const struct script_option *option_find(const struct script_options *options, const char *name);
/* The option whose value parameter n is, NULL. */
const struct script_option *option_at(const struct script_options *options, unsigned n);
/* The text's first comment without its marks, and the options. */
void options_help(FILE *out, const char *script, const char *text, const struct script_options *options);

#endif
