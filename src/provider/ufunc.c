// SPDX-License-Identifier: GPL-2.0-or-later
#include "provider/ufunc.h"

#include <errno.h>

/* The kernel's own number, which it should not give to anybody. */
enum { ENOTSUPP = 524 };

bool ufunc_is(enum target_kind kind)
{
	return kind == TARGET_UPROBE || kind == TARGET_URETPROBE;
}

bool ufunc_is_return(enum target_kind kind)
{
	return kind == TARGET_URETPROBE;
}

const char *ufunc_refusal(int error)
{
	switch (error) {
	case ENOENT:
		return "the file is not there any more";
	case EINVAL:
	case EIO:
	case EOPNOTSUPP:
	case ENOTSUPP:
		return "the kernel lets nobody probe the instruction there";
	default:
		return NULL;
	}
}
