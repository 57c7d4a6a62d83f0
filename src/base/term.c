// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/term.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool takes_colours(int fd)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && term && strcmp(term, "dumb") && isatty(fd);
}

const char *term_look(int fd, enum term_look look)
{
	static const char *const codes[] = {
		[TERM_BOLD] = "\033[1m", [TERM_ERROR] = "\033[1;31m", [TERM_WARNING] = "\033[1;35m", [TERM_PLACE] = "\033[32m",
		[TERM_PLAIN] = "\033[0m",
	};

	return takes_colours(fd) ? codes[look] : "";
}

unsigned term_columns(int fd)
{
	const char *wanted = getenv("COLUMNS");
	int columns = wanted ? atoi(wanted) : 0;
	struct winsize size;

	if (!isatty(fd))
		return UINT_MAX;
	if (columns > 0)
		return (unsigned)columns;
	return !ioctl(fd, TIOCGWINSZ, &size) && size.ws_col ? size.ws_col : UINT_MAX;
}
