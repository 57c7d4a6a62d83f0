// SPDX-License-Identifier: GPL-2.0-or-later
#include "debuginfo/btf.h"

#include "base/arena.h"
#include "base/cleanup.h"

#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define BTF_DIR "/sys/kernel/btf"

/* What no sane file needs more of: a broken one must end as well. */
enum { DEPTH_MAX = 64, MEMBERS_MAX = 1 << 16, ARRAY_MAX = 1 << 30 };

enum { KIND_DECL_TAG = DBG_KIND_DECL_TAG, KIND_TYPE_TAG = DBG_KIND_TYPE_TAG, KIND_ENUM64 = DBG_KIND_ENUM64 };

struct dbg_btf {
	struct type_origin origin;	/* of the types made here: first, so that it leads back */
	const char *name;
	struct dbg_btf *base;
	const char *types, *types_end;	/* the type section */
	const char *walked;		/* types before this have their place in offsets */
	const char *strings;
	uint32_t strings_len, first_string;
	uint32_t first_id, end_id;	/* numbers of the types walked over */
	VEC(uint32_t) offsets;		/* of the types, by id - first_id */
	struct type **made;		/* what dbg_btf_type made of them */
	unsigned depth;			/* of types being made in each other */
	uint32_t made_len;
	void *memory;			/* the file, if read or mapped */
	size_t size;
	bool mapped;
	int fd;				/* of the kernel's object for a module; 0: not asked for */
	struct arena arena;
	struct dbg_btf *next;		/* modules that are open */
};

static unsigned kind_of(const struct btf_type *t)
{
	return BTF_INFO_KIND(t->info);
}

/* Bytes of a type's record, 0 for a kind that is not known. */
static size_t record_size(const struct btf_type *t)
{
	unsigned n = BTF_INFO_VLEN(t->info);

	switch (kind_of(t)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case KIND_DECL_TAG:
		return sizeof(*t) + 4;
	case BTF_KIND_PTR:
	case BTF_KIND_FWD:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_FLOAT:
	case KIND_TYPE_TAG:
		return sizeof(*t);
	case BTF_KIND_ARRAY:
		return sizeof(*t) + sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return sizeof(*t) + n * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return sizeof(*t) + n * sizeof(struct btf_enum);
	case KIND_ENUM64:
		return sizeof(*t) + n * 12;
	case BTF_KIND_FUNC_PROTO:
		return sizeof(*t) + n * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return sizeof(*t) + n * sizeof(struct btf_var_secinfo);
	default:
		return 0;
	}
}

/* Walks over one more type; NULL at the end, or where a record is broken. */
static const struct btf_type *walk(struct dbg_btf *b)
{
	const struct btf_type *t = (const void *)b->walked;
	size_t left = (size_t)(b->types_end - b->walked), size;

	if (left < sizeof(*t))
		return NULL;
	size = record_size(t);
	if (!size || size > left)
		return NULL;
	*vec_add(&b->offsets) = (uint32_t)(b->walked - b->types);
	b->end_id++;
	b->walked += size;
	return t;
}

const struct btf_type *dbg_btf_get(struct dbg_btf *b, uint32_t id)
{
	while (b->base && id < b->first_id)
		b = b->base;
	if (id < b->first_id)
		return NULL;
	while (id >= b->end_id)
		if (!walk(b))
			return NULL;
	return (const void *)(b->types + b->offsets.data[id - b->first_id]);
}

const char *dbg_btf_string(const struct dbg_btf *b, uint32_t offset)
{
	while (b->base && offset < b->first_string)
		b = b->base;
	offset -= b->first_string;
	return offset < b->strings_len ? b->strings + offset : "";
}

const char *dbg_btf_name(struct dbg_btf *b, uint32_t id)
{
	const struct btf_type *t = dbg_btf_get(b, id);

	return t ? dbg_btf_string(b, t->name_off) : "";
}

static bool same_kind(unsigned kind, unsigned wanted)
{
	return kind == wanted || (wanted == BTF_KIND_ENUM && kind == KIND_ENUM64);
}

static uint32_t find_here(struct dbg_btf *b, const char *name, unsigned kind)
{
	const struct btf_type *t;

	for (uint32_t id = b->first_id; (t = dbg_btf_get(b, id)); id++)
		if (same_kind(kind_of(t), kind) && t->name_off && !strcmp(dbg_btf_string(b, t->name_off), name))
			return id;
	return 0;
}

uint32_t dbg_btf_find(struct dbg_btf *b, const char *name, unsigned kind)
{
	uint32_t id = 0;

	if (b->base)
		id = dbg_btf_find(b->base, name, kind);
	return id ? id : find_here(b, name, kind);
}

bool dbg_btf_knows(const struct dbg_btf *b, const char *name)
{
	size_t len = strlen(name) + 1;	/* strings end in 0, and begin behind one */
	const char *at = b->strings, *end = b->strings + b->strings_len;

	while ((at = memmem(at, (size_t)(end - at), name, len))) {
		if (at == b->strings || !at[-1])
			return true;
		at++;
	}
	return false;
}

uint32_t dbg_btf_next(struct dbg_btf *b, uint32_t id, unsigned kind)
{
	const struct btf_type *t;

	for (id = id ? id + 1 : b->first_id; (t = dbg_btf_get(b, id)); id++)
		if (same_kind(kind_of(t), kind))
			return id;
	return 0;
}

struct named {
	const char *name;
	unsigned kind;
	struct dbg_ref *ref;
};

static bool find_in_module(void *data, struct dbg_btf *b)
{
	const struct named *n = data;
	uint32_t id = find_here(b, n->name, n->kind);

	if (id)
		*n->ref = (struct dbg_ref){ b, id };
	return id;
}

bool dbg_btf_find_any(const char *module, const char *name, unsigned kind, struct dbg_ref *ref)
{
	struct named n = { name, kind, ref };
	struct dbg_btf *b;

	if (module) {
		b = dbg_btf_module(module);
		return b && find_in_module(&n, b);
	}
	b = dbg_btf_kernel();
	return b && (find_in_module(&n, b) || dbg_btf_modules(find_in_module, &n));
}

/* The type behind typedefs and qualifiers. */
static uint32_t strip(struct dbg_btf *b, uint32_t id)
{
	const struct btf_type *t;

	for (unsigned i = 0; i < 64 && (t = dbg_btf_get(b, id)); i++, id = t->type) {
		switch (kind_of(t)) {
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_CONST:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_RESTRICT:
		case KIND_TYPE_TAG:
			continue;
		default:
			return id;
		}
	}
	return 0;
}

/* files */

static bool valid_header(const struct btf_header *h, size_t size)
{
	if (size < sizeof(*h) || h->magic != BTF_MAGIC || h->hdr_len < sizeof(*h) || h->hdr_len > size || h->hdr_len % 4 ||
	    h->type_off % 4)
		return false;
	size -= h->hdr_len;
	return h->type_off <= size && h->type_len <= size - h->type_off && h->str_off <= size &&
	       h->str_len <= size - h->str_off && h->str_len;
}

static const struct type *complete_origin(const struct type *type)
{
	return dbg_btf_complete((struct dbg_btf *)type->origin, type->origin_id);
}

static enum type_access access_origin(const struct type *t, int64_t offset, unsigned size, const struct type **to);

struct dbg_btf *dbg_btf_create(const void *data, size_t size, const char *name, struct dbg_btf *base)
{
	const struct btf_header *h = data;
	const char *sections = (const char *)data + (size < sizeof(*h) ? 0 : h->hdr_len);
	struct dbg_btf *b;

	if (!valid_header(h, size) || sections[h->str_off + h->str_len - 1]) {
		errno = EINVAL;
		return NULL;
	}
	b = xcalloc(1, sizeof(*b));
	b->origin.complete = complete_origin;
	b->origin.access = access_origin;
	b->base = base;
	b->types = b->walked = sections + h->type_off;
	b->types_end = b->types + h->type_len;
	b->strings = sections + h->str_off;
	b->strings_len = h->str_len;
	b->first_id = 1;
	if (base) {
		while (walk(base))
			;
		b->first_id = base->end_id;
		b->first_string = base->first_string + base->strings_len;
	}
	b->end_id = b->first_id;
	b->name = arena_strdup(&b->arena, name);
	return b;
}

static void *read_all(int fd, size_t *size)
{
	size_t cap = *size ? *size : 1 << 16, len = 0;
	char *data = xmalloc(cap);
	ssize_t n;

	while ((n = read(fd, data + len, cap - len)) > 0) {
		len += (size_t)n;
		if (len == cap)
			data = xrealloc(data, cap *= 2);
	}
	*size = len;
	if (!n)
		return data;
	free(data);
	return NULL;
}

static struct dbg_btf *open_file(const char *path, const char *name, struct dbg_btf *base)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct dbg_btf *b = NULL;
	struct stat st;
	size_t size;
	void *data;
	bool mapped;

	if (fd < 0 || fstat(fd, &st))
		return NULL;
	size = (size_t)st.st_size;
	/* since 6.16 sysfs lets the kernel's own be mapped */
	data = size ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
	mapped = data != MAP_FAILED;
	if (!mapped) {
		size++;		/* so that reading ends without growing */
		data = read_all(fd, &size);
	}
	if (data)
		b = dbg_btf_create(data, size, name, base);
	if (b) {
		b->memory = data;
		b->size = size;
		b->mapped = mapped;
	} else if (mapped) {
		munmap(data, size);
	} else {
		free(data);
	}
	return b;
}

void dbg_btf_destroy(struct dbg_btf *b)
{
	if (!b)
		return;
	if (b->mapped)
		munmap(b->memory, b->size);
	else
		free(b->memory);
	if (b->fd > 0)
		close(b->fd);
	vec_free(&b->offsets);
	free(b->made);
	arena_deinit(&b->arena);
	free(b);
}

static struct {
	bool tried;
	int error;
	struct dbg_btf *btf, *modules;
} kernel;

struct dbg_btf *dbg_btf_kernel(void)
{
	if (!kernel.tried) {
		kernel.tried = true;
		kernel.btf = open_file(BTF_DIR "/vmlinux", "vmlinux", NULL);
		kernel.error = errno;
	}
	if (!kernel.btf)
		errno = kernel.error;
	return kernel.btf;
}

struct dbg_btf *dbg_btf_module(const char *module)
{
	struct dbg_btf *b, *base = dbg_btf_kernel();
	char path[PATH_MAX];

	if (!base || !strcmp(module, "vmlinux"))
		return base;
	if (strchr(module, '/')) {
		errno = ENOENT;
		return NULL;
	}
	for (b = kernel.modules; b; b = b->next)
		if (!strcmp(b->name, module))
			return b;
	snprintf(path, sizeof(path), BTF_DIR "/%s", module);
	b = open_file(path, module, base);
	if (b) {
		b->next = kernel.modules;
		kernel.modules = b;
	}
	return b;
}

bool dbg_btf_modules(bool (*visit)(void *data, struct dbg_btf *b), void *data)
{
	DIR *dir = opendir(BTF_DIR);
	struct dirent *entry;
	bool stop = false;

	while (dir && !stop && (entry = readdir(dir))) {
		struct dbg_btf *b;

		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "vmlinux"))
			continue;
		b = dbg_btf_module(entry->d_name);
		stop = b && visit(data, b);
	}
	if (dir)
		closedir(dir);
	return stop;
}

/* Whether the BTF object behind the descriptor is the module's. */
static bool is_of_module(int fd, const char *module)
{
	char name[64] = "";
	struct bpf_btf_info info = { .name = (uintptr_t)name, .name_len = sizeof(name) };
	__u32 len = sizeof(info);

	return !bpf_obj_get_info_by_fd(fd, &info, &len) && info.kernel_btf && !strcmp(name, module);
}

int dbg_btf_fd(struct dbg_btf *b)
{
	__u32 id = 0;

	if (!b->base || b->fd)
		return b->fd;
	while (!bpf_btf_get_next_id(id, &id)) {
		int fd = bpf_btf_get_fd_by_id(id);

		if (fd < 0 && errno == ENOENT)
			continue;
		if (fd < 0)
			return -1;
		if (is_of_module(fd, b->name))
			return b->fd = fd;
		close(fd);
	}
	return -1;
}

/* members */

static unsigned member_bits(const struct btf_type *t, const struct btf_member *m)
{
	return BTF_INFO_KFLAG(t->info) ? BTF_MEMBER_BIT_OFFSET(m->offset) : m->offset;
}

static unsigned member_bit_size(const struct btf_type *t, const struct btf_member *m)
{
	return BTF_INFO_KFLAG(t->info) ? BTF_MEMBER_BITFIELD_SIZE(m->offset) : 0;
}

static bool is_composite(const struct btf_type *t)
{
	return t && (kind_of(t) == BTF_KIND_STRUCT || kind_of(t) == BTF_KIND_UNION);
}

static unsigned size_of(struct dbg_btf *b, uint32_t id)
{
	const struct btf_type *t = dbg_btf_get(b, strip(b, id));
	uint64_t count = 1;

	for (unsigned i = 0; t && kind_of(t) == BTF_KIND_ARRAY && i < DEPTH_MAX; i++) {
		const struct btf_array *a = (const void *)(t + 1);

		count *= a->nelems;
		if (count > ARRAY_MAX)
			return 0;
		t = dbg_btf_get(b, strip(b, a->type));
	}
	if (!t)
		return 0;
	switch (kind_of(t)) {
	case BTF_KIND_PTR:
		return (unsigned)count * 8;
	case BTF_KIND_INT:
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
	case BTF_KIND_FLOAT:
		return (unsigned)count * t->size;
	default:
		return 0;
	}
}

/* Looks for a member by the first len bytes of name, inside anonymous members too. Bits from the begin of t; -1. */
static int64_t find_member(struct dbg_btf *b, const struct btf_type *t, const char *name, size_t len, uint32_t *type,
			   unsigned *budget)
{
	const struct btf_member *m = (const void *)(t + 1);

	for (unsigned i = 0; i < BTF_INFO_VLEN(t->info) && *budget; i++, --*budget) {
		const char *n = dbg_btf_string(b, m[i].name_off);
		const struct btf_type *inner;
		int64_t at;

		if (!strncmp(n, name, len) && !n[len]) {
			*type = m[i].type;
			return member_bit_size(t, &m[i]) ? -1 : (int64_t)member_bits(t, &m[i]);
		}
		if (*n)
			continue;
		inner = dbg_btf_get(b, strip(b, m[i].type));
		--*budget;
		at = is_composite(inner) && *budget ? find_member(b, inner, name, len, type, budget) : -1;
		if (at >= 0)
			return at + member_bits(t, &m[i]);
	}
	return -1;
}

int dbg_btf_offset(struct dbg_btf *b, const char *type, const char *path, unsigned *size)
{
	uint32_t id = dbg_btf_find(b, type, BTF_KIND_STRUCT);
	int64_t bits = 0;

	if (!id)
		id = dbg_btf_find(b, type, BTF_KIND_UNION);
	for (const char *p = path;; p++) {
		const struct btf_type *t = dbg_btf_get(b, strip(b, id));
		size_t len = strcspn(p, ".");
		unsigned budget = 4096;
		int64_t at = len && is_composite(t) ? find_member(b, t, p, len, &id, &budget) : -1;

		if (at < 0)
			return -1;
		bits += at;
		p += len;
		if (!*p)
			break;
	}
	if (size)
		*size = size_of(b, id);
	return (int)(bits / 8);
}

/* what the verifier thinks */

/* The innermost element of an array, *count of which it has, and its type as the array names it; any other type itself. */
static const struct btf_type *element_of(struct dbg_btf *b, uint32_t id, uint64_t *count, uint32_t *named)
{
	const struct btf_type *t = dbg_btf_get(b, strip(b, id));

	*count = 1;
	*named = strip(b, id);
	for (unsigned i = 0; t && kind_of(t) == BTF_KIND_ARRAY && i < DEPTH_MAX; i++) {
		const struct btf_array *a = (const void *)(t + 1);

		*count *= a->nelems;
		*named = a->type;
		t = dbg_btf_get(b, strip(b, a->type));
	}
	return t;
}

static bool has_tag(struct dbg_btf *b, uint32_t id, const char *tag)
{
	const struct btf_type *t = dbg_btf_get(b, id);

	for (unsigned i = 0; t && kind_of(t) == KIND_TYPE_TAG && i < DEPTH_MAX; i++, t = dbg_btf_get(b, t->type))
		if (!strcmp(dbg_btf_string(b, t->name_off), tag))
			return true;
	return false;
}

/* A pointer member is loaded whole or not at all; it leads to a struct, or is a number. */
static enum type_access access_pointer(struct dbg_btf *b, const struct btf_type *t, bool whole, const struct type **to)
{
	uint32_t target = strip(b, t->type);

	if (!whole)
		return ACCESS_NONE;
	if (!is_composite(dbg_btf_get(b, target)))
		return ACCESS_NUMBER;
	if (has_tag(b, t->type, "user") || has_tag(b, t->type, "percpu"))
		return ACCESS_NONE;
	*to = dbg_btf_type(b, target);
	return ACCESS_POINTER;
}

/*
 * As the kernel's btf_struct_walk: at each level the first member that the offset lies in decides, also in a union. What it allows
 * behind a struct's end is left out, and so is the begin of an element whose struct has a typedef's name, which Linux 6.1 refuses
 * ("is not a struct").
 */
static enum type_access access_walk(struct dbg_btf *b, const struct btf_type *t, uint64_t off, unsigned size, const struct type **to)
{
	const struct btf_member *m = (const void *)(t + 1);
	unsigned depth = 0;

	if (off + size > t->size)
		return ACCESS_NONE;
	for (unsigned i = 0; i < BTF_INFO_VLEN(t->info); i++) {
		uint64_t at = member_bits(t, &m[i]) / 8, count, end, each;
		unsigned bits = member_bit_size(t, &m[i]);
		const struct btf_type *inner;
		uint32_t named;

		if (off + size <= at)
			break;
		if (bits) {
			if (off <= at && (member_bits(t, &m[i]) + bits + 7) / 8 <= off + size)
				return ACCESS_NUMBER;
			continue;
		}
		if (off < at)
			break;
		end = at + size_of(b, m[i].type);
		if (off >= end)
			continue;
		inner = element_of(b, m[i].type, &count, &named);
		if (!inner || !count)
			break;
		each = (end - at) / count;
		at += (off - at) / each * each;
		if (is_composite(inner)) {
			if (depth++ == DEPTH_MAX || (off == at && !is_composite(dbg_btf_get(b, named))))
				break;
			t = inner;
			m = (const void *)(t + 1);
			off -= at;
			i = -1u;
			if (off + size > t->size)
				return ACCESS_NONE;
			continue;
		}
		if (kind_of(inner) == BTF_KIND_PTR)
			return access_pointer(b, inner, off == at && size == 8, to);
		return off + size <= end ? ACCESS_NUMBER : ACCESS_NONE;
	}
	return ACCESS_NONE;
}

static enum type_access access_origin(const struct type *type, int64_t offset, unsigned size, const struct type **to)
{
	struct dbg_btf *b = (struct dbg_btf *)type->origin;
	const struct btf_type *t = dbg_btf_get(b, type->origin_id);

	return is_composite(t) && offset >= 0 ? access_walk(b, t, (uint64_t)offset, size, to) : ACCESS_NONE;
}

/* types of the language */

static const struct type *plain_int(unsigned size, bool is_signed)
{
	static const struct type *const table[9][2] = {
		[1] = { &type_u8, &type_s8 }, [2] = { &type_u16, &type_s16 }, [4] = { &type_u32, &type_s32 },
		[8] = { &type_u64, &type_s64 },
	};

	return size <= 8 ? table[size][is_signed] : NULL;
}

static const struct type *make_int(struct dbg_btf *b, const struct btf_type *t)
{
	uint32_t encoding = BTF_INT_ENCODING(*(const uint32_t *)(t + 1));
	bool is_signed = encoding & BTF_INT_SIGNED;
	const struct type *plain = plain_int(t->size, is_signed);

	if (encoding & BTF_INT_BOOL && t->size == 1)
		return &type_bool;
	if (!strcmp(dbg_btf_string(b, t->name_off), "char"))
		return &type_char;
	return plain ? plain : type_array(&b->arena, &type_u8, t->size);
}

static struct type *blank(struct dbg_btf *b, enum type_kind kind, const struct btf_type *t)
{
	struct type *type = arena_new(&b->arena, struct type);
	const char *name = dbg_btf_string(b, t->name_off);

	type->kind = kind;
	type->size = t->size;
	type->name = *name ? name : NULL;
	return type;
}

static struct type *make_enum(struct dbg_btf *b, const struct btf_type *t)
{
	struct type *type = blank(b, TYPE_ENUM, t);
	unsigned n = BTF_INFO_VLEN(t->info);
	struct type_enumerator *e = arena_array(&b->arena, struct type_enumerator, n);

	if (t->size != 1 && t->size != 2 && t->size != 8)
		type->size = 4;
	/* before 6.0 the flag is never set and all values are signed */
	type->is_signed = BTF_INFO_KFLAG(t->info);
	for (unsigned i = 0; i < n; i++) {
		const uint32_t *raw = (const uint32_t *)(t + 1) + i * (kind_of(t) == KIND_ENUM64 ? 3 : 2);

		e[i].name = dbg_btf_string(b, raw[0]);
		e[i].value = kind_of(t) == KIND_ENUM64 ? (int64_t)(raw[1] | (uint64_t)raw[2] << 32) : (int32_t)raw[1];
		type->is_signed |= e[i].value < 0 && e[i].value >= INT32_MIN;
	}
	if (!type->is_signed && kind_of(t) == BTF_KIND_ENUM)
		for (unsigned i = 0; i < n; i++)
			e[i].value = (uint32_t)e[i].value;
	type->enumerators = e;
	type->nenumerators = n;
	return type;
}

/* The verifier lets structs be loaded from, but not those of a CPU or of user space (where it can tell). */
static const struct type *make_pointer(struct dbg_btf *b, const struct btf_type *t)
{
	const struct btf_type *target = dbg_btf_get(b, t->type);
	bool user = false, percpu = false;
	struct type *pointer;

	for (; target && kind_of(target) == KIND_TYPE_TAG; target = dbg_btf_get(b, target->type)) {
		user |= !strcmp(dbg_btf_string(b, target->name_off), "user");
		percpu |= !strcmp(dbg_btf_string(b, target->name_off), "percpu");
	}
	pointer = (struct type *)type_pointer(&b->arena, dbg_btf_type(b, t->type), user);
	pointer->trusted = !user && !percpu && is_composite(dbg_btf_get(b, strip(b, t->type)));
	return pointer;
}

static const struct type *make_array(struct dbg_btf *b, const struct btf_type *t)
{
	const struct btf_array *a = (const void *)(t + 1);

	const struct type *element = dbg_btf_type(b, a->type);

	return type_array(&b->arena, element, (uint64_t)element->size * a->nelems > ARRAY_MAX ? 0 : a->nelems);
}

/* A bit field is read as the smallest aligned number of its type's width that holds all of it. */
static void place_bits(struct dbg_btf *b, struct type_member *m, uint32_t type, unsigned bit, unsigned width)
{
	unsigned unit = size_of(b, type) * 8;

	m->type = dbg_btf_type(b, type);
	if (!width) {
		m->offset = bit / 8;
		return;
	}
	unit = unit && unit <= 64 ? unit : 64;
	m->offset = bit / unit * (unit / 8);
	if (bit + width > m->offset * 8 + unit)
		m->offset = bit / 8;
	m->bit_offset = bit - m->offset * 8;
	m->bit_size = width;
	if (!type_is_int(m->type) || m->bit_offset + width > 8 * m->type->size)
		m->bit_offset = m->bit_size = 0;
}

struct members {
	VEC(struct type_member) list;
	unsigned depth, looked;
};

static void add_members(struct dbg_btf *b, struct members *out, const struct btf_type *t, unsigned base)
{
	const struct btf_member *m = (const void *)(t + 1);

	for (unsigned i = 0; i < BTF_INFO_VLEN(t->info) && out->looked++ < MEMBERS_MAX; i++) {
		const char *name = dbg_btf_string(b, m[i].name_off);
		unsigned bit = base + member_bits(t, &m[i]);
		struct type_member *member;

		if (!*name) {
			const struct btf_type *inner = dbg_btf_get(b, strip(b, m[i].type));

			if (is_composite(inner) && out->depth < DEPTH_MAX) {
				out->depth++;
				add_members(b, out, inner, bit);
				out->depth--;
			}
			continue;
		}
		member = arena_vec_add(&b->arena, &out->list);
		member->name = name;
		place_bits(b, member, m[i].type, bit, member_bit_size(t, &m[i]));
	}
}

static void complete(struct dbg_btf *b, struct type *type, const struct btf_type *t)
{
	struct members members = { 0 };

	if (type->members)
		return;
	add_members(b, &members, t, 0);
	/* a struct without members is complete, too */
	type->members = members.list.data ? members.list.data : arena_alloc(&b->arena, sizeof(struct type_member));
	type->nmembers = members.list.len;
}

static const struct type *make_composite(struct dbg_btf *b, uint32_t id, const struct btf_type *t)
{
	struct type *type = blank(b, kind_of(t) == BTF_KIND_STRUCT ? TYPE_STRUCT : TYPE_UNION, t);

	b->made[id - b->first_id] = type;
	type->origin = &b->origin;
	type->origin_id = id;
	if (!type->name)
		complete(b, type, t);
	return type;
}

static const struct type *make_forward(struct dbg_btf *b, const struct btf_type *t)
{
	struct type *type = blank(b, BTF_INFO_KFLAG(t->info) ? TYPE_UNION : TYPE_STRUCT, t);

	type->size = 0;
	return type;
}

/* A typedef of a struct or enum that has no name gives it its own. */
static const struct type *make_typedef(struct dbg_btf *b, const struct btf_type *t)
{
	const struct type *type = dbg_btf_type(b, t->type);
	struct type *named;

	if ((type->kind != TYPE_STRUCT && type->kind != TYPE_UNION && type->kind != TYPE_ENUM) || type->name)
		return type;
	named = arena_memdup(&b->arena, type, sizeof(*type));
	named->name = dbg_btf_string(b, t->name_off);
	return named;
}

static const struct type *make(struct dbg_btf *b, uint32_t id, const struct btf_type *t)
{
	switch (kind_of(t)) {
	case BTF_KIND_INT:
		return make_int(b, t);
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
		return make_enum(b, t);
	case BTF_KIND_PTR:
		return make_pointer(b, t);
	case BTF_KIND_ARRAY:
		return make_array(b, t);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return make_composite(b, id, t);
	case BTF_KIND_FWD:
		return make_forward(b, t);
	case BTF_KIND_TYPEDEF:
		return make_typedef(b, t);
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case KIND_TYPE_TAG:
		return dbg_btf_type(b, t->type);
	case BTF_KIND_FLOAT:
		return type_floating(t->size, false) ? type_floating(t->size, false) : type_array(&b->arena, &type_u8, t->size);
	default:
		return &type_void;
	}
}

/* Room for everything walked over so far; pointers in it stay where they are until the next call. */
static void grow_made(struct dbg_btf *b, uint32_t index)
{
	uint32_t len = b->made_len ? b->made_len : 1024;

	while (len <= index)
		len *= 2;
	if (len == b->made_len)
		return;
	b->made = xrealloc(b->made, len * sizeof(*b->made));
	memset(b->made + b->made_len, 0, (len - b->made_len) * sizeof(*b->made));
	b->made_len = len;
}

const struct type *dbg_btf_type(struct dbg_btf *b, uint32_t id)
{
	const struct btf_type *t = dbg_btf_get(b, id);
	const struct type *type;

	if (!t)
		return &type_void;
	while (id < b->first_id)
		b = b->base;
	grow_made(b, id - b->first_id);
	if (b->made[id - b->first_id])
		return b->made[id - b->first_id];
	if (b->depth >= DEPTH_MAX)
		return &type_void;
	b->depth++;
	type = make(b, id, t);
	b->depth--;
	b->made[id - b->first_id] = (struct type *)type;
	return type;
}

const struct type *dbg_btf_complete(struct dbg_btf *b, uint32_t id)
{
	const struct type *type = dbg_btf_type(b, id);
	const struct btf_type *t = dbg_btf_get(b, strip(b, id));

	if (is_composite(t) && (type->kind == TYPE_STRUCT || type->kind == TYPE_UNION))
		complete(b, (struct type *)type, t);
	return type;
}

const struct type *dbg_btf_named(unsigned kind, const char *name)
{
	struct dbg_ref ref;

	return dbg_btf_find_any(NULL, name, kind, &ref) ? dbg_btf_complete(ref.btf, ref.id) : NULL;
}

static bool find_enumerator(struct dbg_btf *b, const struct btf_type *t, const char *name)
{
	unsigned words = kind_of(t) == KIND_ENUM64 ? 3 : 2;

	for (unsigned i = 0; i < BTF_INFO_VLEN(t->info); i++)
		if (!strcmp(dbg_btf_string(b, ((const uint32_t *)(t + 1))[i * words]), name))
			return true;
	return false;
}

bool dbg_btf_enumerator(struct dbg_btf *b, const char *name, int64_t *value, const struct type **type)
{
	for (uint32_t id = 0; (id = dbg_btf_next(b, id, BTF_KIND_ENUM));) {
		if (!find_enumerator(b, dbg_btf_get(b, id), name))
			continue;
		*type = dbg_btf_type(b, id);
		for (unsigned i = 0; i < (*type)->nenumerators; i++)
			if (!strcmp((*type)->enumerators[i].name, name))
				*value = (*type)->enumerators[i].value;
		return true;
	}
	return false;
}

bool dbg_btf_helper(const char *name)
{
	struct dbg_btf *b = dbg_btf_kernel();
	uint32_t id = b ? dbg_btf_find(b, "bpf_func_id", BTF_KIND_ENUM) : 0;
	char full[80];

	snprintf(full, sizeof(full), "BPF_FUNC_%s", name);
	return id && find_enumerator(b, dbg_btf_get(b, id), full);
}

bool dbg_btf_proto(struct dbg_btf *b, uint32_t id, struct dbg_proto *proto)
{
	const struct btf_type *t;

	for (unsigned i = 0; i < 16 && (t = dbg_btf_get(b, strip(b, id))); i++, id = t->type) {
		if (kind_of(t) == BTF_KIND_FUNC_PROTO) {
			proto->result = t->type;
			proto->params = (const void *)(t + 1);
			proto->nparams = BTF_INFO_VLEN(t->info);
			return true;
		}
		if (kind_of(t) != BTF_KIND_PTR && kind_of(t) != BTF_KIND_FUNC)
			return false;
	}
	return false;
}
