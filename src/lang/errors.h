/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kinds of mistakes (errors.def); error_tag gives the text for diag_error. */
#ifndef LANG_ERRORS_H
#define LANG_ERRORS_H

enum error {
#define ERROR(tag, meaning) ERR_##tag,
#include "lang/errors.def"
#undef ERROR
};

static inline const char *error_tag(enum error e)
{
	static const char *const tags[] = {
#define ERROR(tag, meaning) #tag,
#include "lang/errors.def"
#undef ERROR
	};

	return tags[e];
}

#endif
