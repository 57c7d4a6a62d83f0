inline int OPT_x = 1;
inline string NAME = "a" ;
inline int add[int a, int b] = a + b;
inline struct foo *P = (struct foo *)0;
typedef int number, *pointer, array[4][2];
typedef struct { int x; } anonymous_t;
typedef struct tag { int x; struct tag *next; } tag_t, *tag_p;
struct s {
	char c, *p, name[16];
	unsigned int a:3, :0, b:1 + 1;
	int (*fn)(struct s *, const char *, ...);
	union { int x; long y; };
	struct { int z; } inner;
	enum e { E1, E2 = 5, } which;
	u64 flexible[];
};
union u { int i; char c[4]; };
enum { A, B = 1 << 3, C = A };
number n;
string words[int, string], more;
int plain[8];
self int depth, level[string];
this string path;
self tag_t *tag;
extern int jiffies;
extern void printk(char *fmt, ...);
provider foo {
	probe bar(int a : int b);
	probe baz();
};
translator psinfo_t < struct task_struct *T > {
	pr_pid = T->tgid;
	pr_fname = stringof(T->comm);
};
translator empty_t < int x > { };
BEGIN { x = xlate <psinfo_t *>(curthread)->pr_pid; (1, 2); a = 1, b = 2; }
