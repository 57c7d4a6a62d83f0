// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/values.h"

#include "base/utf8.h"
#include "config.h"
#include "debuginfo/cgroup.h"
#include "provider/arch.h"
#include "runtime/stacks.h"
#include "runtime/symbols.h"

#include <arpa/inet.h>
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <math.h>
#include <nss.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t value_int(const struct value *v)
{
	unsigned size = v->type->kind == TYPE_POINTER || !v->type->size ? 8 : v->type->size;
	uint64_t n = 0;

	if (size > v->size)
		size = v->size;
	if (size > sizeof(n))
		size = sizeof(n);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(&n, v->bytes, size);
#else
	memcpy((char *)&n + sizeof(n) - size, (const char *)v->bytes + v->size - size, size);
#endif
	if (v->type->is_signed && size && size < 8)
		return (int64_t)(n << (64 - 8 * size)) >> (64 - 8 * size);
	return (int64_t)n;
}

size_t value_strlen(const struct value *v)
{
	return strnlen(v->bytes, v->size);
}

static void escaped_byte(struct text *t, unsigned char c)
{
	static const char names[] = "\aa\bb\tt\nn\vv\ff\rr\\\\";
	const char *name = c ? strchr(names, c) : NULL;

	if (name && (name - names) % 2 == 0) {
		text_putc(t, '\\');
		text_putc(t, name[1]);
	} else if (c < ' ' || c == 0x7f) {
		text_printf(t, "\\x%02x", c);
	} else {
		text_putc(t, (char)c);
	}
}

void text_escaped(struct text *t, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		escaped_byte(t, (unsigned char)s[i]);
}

void text_json_string(struct text *t, const char *s, size_t n)
{
	const unsigned char *u = (const unsigned char *)s;
	unsigned len;

	text_putc(t, '"');
	for (size_t i = 0; i < n; i += len ? len : 1) {
		len = utf8_length(s + i, n - i);
		if (!len)
			text_puts(t, "\\ufffd");
		else if (u[i] == '"' || u[i] == '\\')
			text_printf(t, "\\%c", u[i]);
		else if (u[i] == '\n')
			text_puts(t, "\\n");
		else if (u[i] == '\t')
			text_puts(t, "\\t");
		else if (u[i] < ' ' || u[i] == 0x7f)
			text_printf(t, "\\u%04x", u[i]);
		else
			text_add(t, s + i, len);
	}
	text_putc(t, '"');
}

/* "1.23 ms" */
static void text_duration(struct text *t, int64_t ns)
{
	static const struct {
		uint64_t ns;
		const char *unit;
	} units[] = { { 1000000000, "s" }, { 1000000, "ms" }, { 1000, "us" } };
	uint64_t v = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;

	if (ns < 0)
		text_putc(t, '-');
	for (unsigned i = 0; i < sizeof(units) / sizeof(*units); i++) {
		double d = (double)v / (double)units[i].ns;

		if (v >= units[i].ns) {
			text_printf(t, "%.*f %s", d < 9.995 ? 2 : d < 99.95 ? 1 : 0, d, units[i].unit);
			return;
		}
	}
	text_printf(t, "%llu ns", (unsigned long long)v);
}

/* format with %f, the microseconds, put in; false if it does not fit. */
static bool with_fraction(char *buf, size_t size, const char *format, unsigned us)
{
	size_t n = 0;

	for (; *format && n + 7 < size; format++) {
		if (format[0] == '%' && format[1] == 'f') {
			n += (size_t)snprintf(buf + n, size - n, "%06u", us);
			format++;
			continue;
		}
		buf[n++] = *format;
		if (format[0] == '%' && format[1])
			buf[n++] = *++format;
	}
	buf[n] = '\0';
	return !*format;
}

void text_time(struct text *t, const char *format, uint64_t ns)
{
	time_t seconds = (time_t)(ns / 1000000000);
	char whole[256], buf[512];
	struct tm tm;

	if (strstr(format, "%f") && with_fraction(whole, sizeof(whole), format, (unsigned)(ns / 1000 % 1000000)))
		format = whole;
	if (localtime_r(&seconds, &tm))
		text_add(t, buf, strftime(buf, sizeof(buf), format, &tm));
}

/* strftime() takes what nsecs gives as well, which is never above the time since boot. */
static uint64_t since_1970(uint64_t ns)
{
	struct timespec boot, now;
	uint64_t up;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	up = (uint64_t)boot.tv_sec * 1000000000 + (uint64_t)boot.tv_nsec;
	if (ns > up)
		return ns;
	clock_gettime(CLOCK_MONOTONIC, &boot);
	clock_gettime(CLOCK_REALTIME, &now);
	return ns + (uint64_t)(now.tv_sec - boot.tv_sec) * 1000000000 + (uint64_t)(now.tv_nsec - boot.tv_nsec);
}

static const char *target_part(const struct image_target *target, enum type_show show)
{
	switch (show) {
	case SHOW_FUNC: return target->func;
	case SHOW_PROBE: return target->probe;
	case SHOW_PROBEPROV: return target->prov;
	case SHOW_PROBEMOD: return target->mod;
	default: return target->name;
	}
}

static void text_target(struct text *t, const struct image *image, enum type_show show, uint64_t n)
{
	const char *part = n < image->targets.len ? target_part(&image->targets.data[n], show) : NULL;

	text_puts(t, part ? part : "");
}

/* The kernel's own, which no program is given: a call that a signal interrupted is begun again. */
static const char *restart_name(int64_t n)
{
	static const char *const names[] = {
		"ERESTARTSYS", "ERESTARTNOINTR", "ERESTARTNOHAND", "ENOIOCTLCMD", "ERESTART_RESTARTBLOCK",
	};
	enum { FIRST = 512 };

	return n >= FIRST && n - FIRST < (int64_t)(sizeof(names) / sizeof(*names)) ? names[n - FIRST] : NULL;
}

/* Of errors that C does not know, the kernel's name. */
static void text_strerror(struct text *t, int64_t n)
{
	const char *message = restart_name(n);

	text_puts(t, message ? message : strerror((int)n));
}

static void text_errno(struct text *t, int64_t n)
{
	const char *name = n ? strerrorname_np((int)n) : "0";

	if (!name)
		name = restart_name(n);

	if (name)
		text_puts(t, name);
	else
		text_s64(t, n);
}

static void text_signal(struct text *t, int64_t n)
{
	const char *name = sigabbrev_np((int)n);

	if (name)
		text_printf(t, "SIG%s", name);
	else
		text_s64(t, n);
}

static void text_syscall(struct text *t, int64_t n)
{
	const struct arch_syscall *call = n >= 0 && n <= INT32_MAX ? arch_syscall((unsigned)n) : NULL;

	if (call)
		text_puts(t, call->name);
	else
		text_s64(t, n);
}

static void text_inet(struct text *t, int family, const void *address)
{
	char buf[INET6_ADDRSTRLEN];

	if (inet_ntop(family, address, buf, sizeof(buf)))
		text_puts(t, buf);
}

/*
 * Names from elsewhere than files are looked up by libraries, which a static program would load together with the libc
 * that they were made for: not its own.
 */
static void users_from_files_only(void)
{
	static bool done;

	if (!done) {
		__nss_configure_lookup("passwd", "files");
		__nss_configure_lookup("group", "files");
		done = true;
	}
}

static void text_user(struct text *t, uint64_t id, bool group)
{
	struct passwd *pw;
	struct group *gr;

	if (STATIC_BINARY)
		users_from_files_only();
	pw = group ? NULL : getpwuid((uid_t)id);
	gr = group ? getgrgid((gid_t)id) : NULL;
	if (pw)
		text_puts(t, pw->pw_name);
	else if (gr)
		text_puts(t, gr->gr_name);
	else
		text_u64(t, id);
}

/* Groups that are gone have a number only. */
static void text_cgroup(struct text *t, uint64_t id)
{
	char buffer[PATH_MAX];
	const char *path = dbg_cgroup_path(id, buffer, sizeof(buffer));

	if (path)
		text_puts(t, path);
	else
		text_u64(t, id);
}

static void text_number(struct text *t, bool is_signed, int64_t n)
{
	if (is_signed)
		text_s64(t, n);
	else
		text_u64(t, (uint64_t)n);
}

static void text_int(struct text *t, const struct image *image, const struct value *v)
{
	const struct type *type = v->type;
	int64_t n = value_int(v);

	switch (type->show) {
	case SHOW_CHAR:
		escaped_byte(t, (unsigned char)n);
		break;
	case SHOW_HEX: case SHOW_USYM: case SHOW_UFUNC: case SHOW_UMOD:
		text_printf(t, "0x%llx", (unsigned long long)n);
		break;
	case SHOW_KSYM:
		text_kernel_symbol(t, (uint64_t)n, SYMBOL_OFFSET);
		break;
	case SHOW_KFUNC:
		text_kernel_symbol(t, (uint64_t)n, SYMBOL_FUNCTION);
		break;
	case SHOW_KMOD:
		text_kernel_symbol(t, (uint64_t)n, SYMBOL_MODULE);
		break;
	case SHOW_SYSCALL:
		text_syscall(t, n);
		break;
	case SHOW_FUNC: case SHOW_PROBE: case SHOW_PROBEPROV: case SHOW_PROBEMOD: case SHOW_PROBENAME:
		text_target(t, image, type->show, (uint64_t)n);
		break;
	case SHOW_NS:
		text_duration(t, n);
		break;
	case SHOW_TIME:
		if (type->format)
			text_time(t, type->format, since_1970((uint64_t)n));
		else
			text_time(t, "%Y-%m-%d %H:%M:%S", (uint64_t)n);
		break;
	case SHOW_ERRNO:
		text_errno(t, n);
		break;
	case SHOW_STRERROR:
		text_strerror(t, n);
		break;
	case SHOW_SIGNAL:
		text_signal(t, n);
		break;
	case SHOW_INET4:
		text_inet(t, AF_INET, v->bytes);
		break;
	case SHOW_USERNAME: case SHOW_GROUPNAME:
		text_user(t, (uint64_t)n, type->show == SHOW_GROUPNAME);
		break;
	case SHOW_CGROUP:
		text_cgroup(t, (uint64_t)n);
		break;
	case SHOW_NUMBER: case SHOW_BOOL: case SHOW_INET: case SHOW_MAC: case SHOW_PERF: case SHOW_BPFTRACE: case SHOW_RAW:
	case SHOW_FLOAT:
		text_number(t, type->is_signed, n);
		break;
	}
}

static void text_enum(struct text *t, const struct value *v)
{
	int64_t n = value_int(v);

	for (unsigned i = 0; i < v->type->nenumerators; i++)
		if (v->type->enumerators[i].value == n) {
			text_puts(t, v->type->enumerators[i].name);
			return;
		}
	text_number(t, v->type->is_signed, n);
}

size_t value_buflen(const struct value *v)
{
	return v->type->size && v->type->size < v->size ? v->type->size : v->size;
}

static void text_buf(struct text *t, const struct value *v)
{
	const unsigned char *b = v->bytes;
	size_t n = value_buflen(v);

	if (v->type->show == SHOW_INET && v->size >= 17) {
		text_inet(t, b[0], b + 1);
		return;
	}
	if (v->type->show == SHOW_MAC) {
		for (size_t i = 0; i < n; i++)
			text_printf(t, i ? ":%02x" : "%02x", b[i]);
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (b[i] >= ' ' && b[i] < 0x7f && b[i] != '\\')
			text_putc(t, (char)b[i]);
		else
			text_printf(t, "\\x%02x", b[i]);
}

bool value_is_text(const struct type *t)
{
	return t->kind == TYPE_ARRAY && t->target->kind == TYPE_INT && t->target->show == SHOW_CHAR;
}

bool value_part(const struct value *v, unsigned n, struct value *p)
{
	const struct type *type = v->type;
	unsigned offset = 0, field = 0;		/* field: the bytes that a bit field is in */

	switch (type->kind) {
	case TYPE_ARRAY:
		if (n >= type->count)
			return false;
		p->type = type->target;
		offset = n * type->target->size;
		break;
	case TYPE_TUPLE:
		if (n >= type->nparts)
			return false;
		for (unsigned i = 0; i <= n; i++) {
			unsigned align = type_align(type->parts[i]);

			offset = (offset + align - 1) & ~(align - 1);
			if (i < n)
				offset += type->parts[i]->size;
		}
		p->type = type->parts[n];
		break;
	default:
		if (n >= type->nmembers)
			return false;
		p->type = type->members[n].type;
		offset = type->members[n].offset;
		if (type->members[n].bit_size)
			field = (type->members[n].bit_offset + type->members[n].bit_size + 7) / 8;
	}
	p->size = field ? field : p->type->kind == TYPE_POINTER ? 8 : p->type->size;
	p->bytes = (const char *)v->bytes + offset;
	return offset + p->size <= v->size;
}

/* Its bytes alone: the type's may reach beyond the struct. */
static int64_t bit_field(const struct value *v, const struct type_member *m)
{
	unsigned unused = 64 - m->bit_size;
	uint64_t n = 0;

	memcpy(&n, v->bytes, v->size < sizeof(n) ? v->size : sizeof(n));
	n >>= m->bit_offset;
	return v->type->is_signed ? (int64_t)(n << unused) >> unused : (int64_t)(n << unused >> unused);
}

void value_unfold(struct value *v, const struct type_member *m, int64_t *number)
{
	if (!m->bit_size)
		return;
	*number = bit_field(v, m);
	*v = (struct value){ v->type, number, v->type->size };
}

long double value_floating(const struct value *v)
{
	long double widest = 0;
	double wide = 0;
	float narrow = 0;

	if (v->type->size == sizeof(narrow)) {
		memcpy(&narrow, v->bytes, sizeof(narrow));
		return narrow;
	}
	if (v->type->size == sizeof(wide)) {
		memcpy(&wide, v->bytes, sizeof(wide));
		return wide;
	}
	memcpy(&widest, v->bytes, v->type->size < sizeof(widest) ? v->type->size : sizeof(widest));
	return widest;
}

static bool reads_as(const char *shown, long double n, unsigned size)
{
	return size == sizeof(float) ? strtof(shown, NULL) == (float)n : size == sizeof(double) ? strtod(shown, NULL) == (double)n :
	       strtold(shown, NULL) == n;
}

/* With as few digits as tell it from all others of its type. */
static void text_floating(struct text *t, const struct value *v)
{
	enum { DIGITS = 21 };
	long double n = value_floating(v);
	char shown[64];

	for (int digits = 1; digits <= DIGITS; digits++) {
		snprintf(shown, sizeof(shown), "%.*Lg", digits, n);
		if (reads_as(shown, n, v->type->size))
			break;
	}
	text_puts(t, shown);
}

static void text_inner(struct text *t, const struct image *image, const struct value *v)
{
	if (v->type->kind == TYPE_STRING || value_is_text(v->type)) {
		text_putc(t, '"');
		text_escaped(t, v->bytes, value_strlen(v));
		text_putc(t, '"');
	} else {
		value_text(t, image, v);
	}
}

static void text_parts(struct text *t, const struct image *image, const struct value *v, const char *brackets)
{
	struct value p;

	text_putc(t, brackets[0]);
	for (unsigned n = 0; value_part(v, n, &p); n++) {
		if (n)
			text_puts(t, ", ");
		if (v->type->kind == TYPE_TUPLE)
			value_text(t, image, &p);
		else
			text_inner(t, image, &p);
	}
	text_putc(t, brackets[1]);
}

static void text_members(struct text *t, const struct image *image, const struct value *v)
{
	int64_t number;
	struct value p;

	text_putc(t, '{');
	for (unsigned n = 0; value_part(v, n, &p); n++) {
		const struct type_member *m = &v->type->members[n];

		text_printf(t, "%s ", n ? "," : "");
		if (m->name)
			text_printf(t, ".%s = ", m->name);
		value_unfold(&p, m, &number);
		text_inner(t, image, &p);
	}
	text_puts(t, " }");
}

void value_text(struct text *t, const struct image *image, const struct value *v)
{
	switch (v->type->kind) {
	case TYPE_INT:
		text_int(t, image, v);
		break;
	case TYPE_ENUM:
		text_enum(t, v);
		break;
	case TYPE_POINTER:
		text_printf(t, "0x%llx", (unsigned long long)value_int(v));
		break;
	case TYPE_STRING:
		text_escaped(t, v->bytes, value_strlen(v));
		break;
	case TYPE_BUF:
		text_buf(t, v);
		break;
	case TYPE_ARRAY:
		if (type_is_floating(v->type))
			text_floating(t, v);
		else if (value_is_text(v->type))
			text_escaped(t, v->bytes, value_strlen(v));
		else
			text_parts(t, image, v, "[]");
		break;
	case TYPE_TUPLE:
		text_parts(t, image, v, "()");
		break;
	case TYPE_STRUCT:
	case TYPE_UNION:
		text_members(t, image, v);
		break;
	case TYPE_STACK:
		if (type_is_place(v->type)) {
			text_place(t, v, false);
			break;
		}
		text_putc(t, '\n');
		text_stack(t, v, 4);
		break;
	case TYPE_AGG: case TYPE_ERROR: case TYPE_VOID: case TYPE_VAR:
		break;
	}
}

static bool is_plain_number(const struct type *t)
{
	return t->kind == TYPE_INT && (t->show == SHOW_NUMBER || t->show == SHOW_BOOL || t->show == SHOW_NS);
}

static void json_parts(struct text *t, const struct image *image, const struct value *v)
{
	bool named = v->type->kind == TYPE_STRUCT || v->type->kind == TYPE_UNION;
	int64_t number;
	struct value p;

	text_putc(t, named ? '{' : '[');
	for (unsigned n = 0; value_part(v, n, &p); n++) {
		const struct type_member *m = named ? &v->type->members[n] : NULL;

		if (n)
			text_puts(t, ", ");
		if (m) {
			text_json_string(t, m->name ? m->name : "", m->name ? strlen(m->name) : 0);
			text_puts(t, ": ");
		}
		if (m)
			value_unfold(&p, m, &number);
		value_json(t, image, &p);
	}
	text_putc(t, named ? '}' : ']');
}

void value_json(struct text *t, const struct image *image, const struct value *v)
{
	struct text shown = { 0 };

	switch (v->type->kind) {
	case TYPE_STRING:
		text_json_string(t, v->bytes, value_strlen(v));
		return;
	case TYPE_ARRAY:
		if (type_is_floating(v->type)) {
			if (!isfinite(value_floating(v)))
				break;
			text_floating(t, v);
			return;
		}
		if (value_is_text(v->type)) {
			text_json_string(t, v->bytes, value_strlen(v));
			return;
		}
		/* fall through */
	case TYPE_TUPLE: case TYPE_STRUCT: case TYPE_UNION:
		json_parts(t, image, v);
		return;
	case TYPE_STACK:
		if (type_is_place(v->type))
			break;
		json_stack(t, v);
		return;
	default:
		break;
	}
	if (is_plain_number(v->type)) {
		text_number(t, v->type->is_signed, value_int(v));
		return;
	}
	value_text(&shown, image, v);
	text_json_string(t, shown.data, shown.len);
	text_deinit(&shown);
}
