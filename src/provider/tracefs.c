// SPDX-License-Identifier: GPL-2.0-or-later
#include "provider/tracefs.h"

#include "base/cleanup.h"
#include "provider/ctype.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

const char *tracefs_dir(const char **why)
{
	static const char *const dirs[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	static const char *dir, *reason;
	char path[PATH_MAX];

	for (unsigned i = 0; i < 2 && !dir; i++) {
		snprintf(path, sizeof(path), "%s/events/header_page", dirs[i]);
		if (!access(path, R_OK))
			dir = dirs[i];
		else if (errno == EACCES)
			reason = "tracefs can be read by root only";
	}
	if (!dir && !reason)
		reason = "tracefs is not mounted (mount -t tracefs nodev /sys/kernel/tracing)";
	if (why)
		*why = reason;
	return dir;
}

bool tracefs_has_event(const char *category, const char *event)
{
	char path[PATH_MAX];

	if (!tracefs_dir(NULL) || strchr(category, '/') || strchr(event, '/'))
		return false;
	snprintf(path, sizeof(path), "%s/events/%s/%s/id", tracefs_dir(NULL), category, event);
	return !access(path, F_OK);
}

typedef void visit_fn(void *data, const char *category, const char *event);

static bool is_folder(const struct dirent *e)
{
	return e->d_name[0] != '.' && (e->d_type == DT_DIR || e->d_type == DT_UNKNOWN);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void each_in(const char *category, const char *event, visit_fn *visit, void *data)
{
	struct dirent **entries;
	char path[PATH_MAX];
	int n;

	snprintf(path, sizeof(path), "%s/events/%s", tracefs_dir(NULL), category);
	n = scandir(path, &entries, NULL, by_name);
	for (int i = 0; i < n; i++) {
		if (is_folder(entries[i]) && prov_glob(event, entries[i]->d_name))
			visit(data, category, entries[i]->d_name);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

bool tracefs_each_event(const char *category, const char *event, visit_fn *visit, void *data)
{
	struct dirent **entries;
	char path[PATH_MAX];
	int n;

	if (!tracefs_dir(NULL))
		return false;
	snprintf(path, sizeof(path), "%s/events", tracefs_dir(NULL));
	n = scandir(path, &entries, NULL, by_name);
	for (int i = 0; i < n; i++) {
		/* its own events have no tracepoint to attach to */
		if (is_folder(entries[i]) && strcmp(entries[i]->d_name, "ftrace") &&
		    prov_glob(category, entries[i]->d_name))
			each_in(entries[i]->d_name, event, visit, data);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return true;
}

/* "\tfield:TYPE NAME;\toffset:8;\tsize:16;\tsigned:0;" */
static void parse_field(struct arena *a, const char *line, struct tracefs_format *out)
{
	static const struct {
		const char *word;
		int place;
	} places[] = { { "__data_loc ", FIELD_DATA_LOC }, { "__rel_loc ", FIELD_REL_LOC } };
	const char *decl = strstr(line, "field:"), *end = decl ? strchr(decl, ';') : NULL;
	struct tracefs_field f = { 0 };
	struct ctype type;
	int is_signed = 0;

	if (!end || sscanf(end, ";\toffset:%u;\tsize:%u;\tsigned:%d", &f.offset, &f.size, &is_signed) < 2)
		return;
	decl += strlen("field:");
	for (unsigned i = 0; i < 2; i++)
		if (!strncmp(decl, places[i].word, strlen(places[i].word))) {
			decl += strlen(places[i].word);
			f.place = places[i].place;
		}
	if (f.place) {
		/* "char[] name": the dimension stands with the type */
		const char *dim = memchr(decl, '[', (size_t)(end - decl));
		const char *name = end;

		while (name > decl && name[-1] != ' ' && name[-1] != ']')
			name--;
		f.name = arena_strndup(a, name, (size_t)(end - name));
		f.type = dim && !strncmp(decl, "char", 4) ? &type_string : NULL;
	} else {
		if (!ctype_parse(a, decl, (size_t)(end - decl), false, &type) || !strncmp(type.name, "common_", 7))
			return;
		f.name = type.name;
		f.type = type.type;
		if (!f.type || (type_is_int(f.type) && f.type->size != f.size))
			f.type = f.size == 1 || f.size == 2 || f.size == 4 || f.size == 8 ?
					 type_int(a, f.size, is_signed, SHOW_NUMBER) : type_array(a, &type_u8, f.size);
	}
	*arena_vec_add(a, &out->fields) = f;
}

bool tracefs_format(struct arena *a, const char *category, const char *event, struct tracefs_format *out)
{
	_cleanup_fclose_ FILE *f = NULL;
	_cleanup_free_ char *line = NULL;
	char path[PATH_MAX];
	size_t cap = 0;

	errno = ENOENT;
	if (!tracefs_dir(NULL))
		return false;
	snprintf(path, sizeof(path), "%s/events/%s/%s/format", tracefs_dir(NULL), category, event);
	f = fopen(path, "re");
	if (!f)
		return false;
	out->id = -1;
	while (getline(&line, &cap, f) > 0) {
		if (!strncmp(line, "print fmt", 9))
			break;
		sscanf(line, "ID: %d", &out->id);
		parse_field(a, line, out);
	}
	return out->id >= 0;
}
