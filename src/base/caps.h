/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the capabilities that tracing takes this process has. */
#ifndef BASE_CAPS_H
#define BASE_CAPS_H

/* "CAP_BPF", "CAP_PERFMON", "CAP_BPF and CAP_PERFMON": what is missing; NULL if nothing is. CAP_SYS_ADMIN stands for both. */
const char *caps_missing(void);

struct diag;
/* Says, as the hint of an error that was EPERM, what is missing, or that it is not for a missing capability. */
void caps_hint(struct diag *d);

#endif
