/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What D scripts find declared. Nothing of it costs anything unless a script names it: translators give a member when that member is
 * used, so a kernel that lacks a field breaks those scripts only that want it.
 *
 * Parts begin with a line that tells words: only parts of which the script holds a word are read.
 *
 * An inline __ALIAS_argsN (or _argN, where the number is another thing) is what argument N is in the probe of that alias (provider/dprobes.def), in
 * terms of the arguments of the kernel's event; __ALIAS_when is the condition under which that event is D's probe.
 */

/* part: psinfo pr_ proc: sched: lwp cur cpu execargs */

/* processes and threads */

typedef struct timestruc {
	time_t tv_sec;
	long tv_nsec;
} timestruc_t;

typedef struct psinfo {
	int pr_nlwp;
	pid_t pr_pid;
	pid_t pr_ppid;
	pid_t pr_pgid;
	pid_t pr_sid;
	uid_t pr_uid;
	uid_t pr_euid;
	uid_t pr_gid;
	uid_t pr_egid;
	uintptr_t pr_addr;
	size_t pr_size;
	dev_t pr_ttydev;
	timestruc_t pr_start;
	string pr_fname;
	string pr_psargs;
	int pr_argc;
	uintptr_t pr_argv;
	uintptr_t pr_envp;
	char pr_dmodel;
	taskid_t pr_taskid;
	projid_t pr_projid;
	int pr_poolid;
	zoneid_t pr_zoneid;
	id_t pr_contract;
	int pr_flag;
	int pr_wstat;
} psinfo_t;

translator psinfo_t < struct task_struct *T > {
	pr_nlwp = T->signal->nr_threads;
	pr_pid = T->tgid;
	pr_ppid = T->real_parent->tgid;
	pr_pgid = T->signal->pids[2]->numbers[0].nr;
	pr_sid = T->signal->pids[3]->numbers[0].nr;
	pr_uid = T->cred->uid.val;
	pr_euid = T->cred->euid.val;
	pr_gid = T->cred->gid.val;
	pr_egid = T->cred->egid.val;
	pr_addr = (uintptr_t)T;
	pr_size = T->mm ? T->mm->total_vm * 4 : 0;
	pr_ttydev = T->signal->tty ? T->signal->tty->index : 0;
	pr_fname = T->comm;
	pr_psargs = T->mm ? argtext(T->mm->arg_start, T->mm->arg_end - T->mm->arg_start) : stringof(T->comm);
	pr_argv = T->mm->arg_start;
	pr_envp = T->mm->env_start;
	pr_argc = 0;
	pr_dmodel = 2;
	pr_taskid = 0;
	pr_projid = 0;
	pr_poolid = 0;
	pr_zoneid = 0;
	pr_contract = 0;
	pr_flag = T->flags;
	pr_wstat = T->exit_code;
};

typedef struct lwpsinfo {
	int pr_flag;
	id_t pr_lwpid;
	uintptr_t pr_addr;
	uintptr_t pr_wchan;
	char pr_stype;
	char pr_state;
	char pr_sname;
	char pr_nice;
	short pr_syscall;
	int pr_pri;
	string pr_clname;
	string pr_name;
	processorid_t pr_onpro;
	processorid_t pr_bindpro;
	int pr_bindpset;
	int pr_lgrp;
} lwpsinfo_t;

translator lwpsinfo_t < struct task_struct *T > {
	pr_flag = T->flags;
	pr_lwpid = T->pid;
	pr_addr = (uintptr_t)T;
	pr_wchan = 0;
	pr_stype = 0;
	pr_state = has_member(struct task_struct, "__state") ? T->__state : T->state;
	pr_sname = (has_member(struct task_struct, "__state") ? T->__state : T->state) ? 'S' : 'R';
	pr_nice = T->static_prio - 120;
	pr_syscall = 0;
	pr_pri = T->prio;
	pr_clname = T->policy == 0 ? "TS" : T->policy == 1 ? "FF" : T->policy == 2 ? "RR" : T->policy == 3 ? "B" :
		    T->policy == 5 ? "IDL" : T->policy == 6 ? "DLN" : "EXT";
	pr_name = T->comm;
	pr_onpro = has_member(struct thread_info, "cpu") ? T->thread_info.cpu : T->cpu;
	pr_bindpro = -1;
	pr_bindpset = -1;
	pr_lgrp = 0;
};

typedef struct cpuinfo {
	processorid_t cpu_id;
	psetid_t cpu_pset;
	int cpu_chip;
	int cpu_lgrp;
	uintptr_t cpu_info;
} cpuinfo_t;

translator cpuinfo_t < processorid_t C > {
	cpu_id = C;
	cpu_pset = 0;
	cpu_chip = 0;
	cpu_lgrp = 0;
	cpu_info = 0;
};

inline psinfo_t *curpsinfo = xlate <psinfo_t *>(curthread);
inline lwpsinfo_t *curlwpsinfo = xlate <lwpsinfo_t *>(curthread);
inline string execargs = curpsinfo->pr_psargs;
inline cpuinfo_t *curcpu = xlate <cpuinfo_t *>((processorid_t)cpu);

/* part: zone pset chip lgrp root cwd */

inline string zonename = "global";
inline zoneid_t zoneid = 0;
inline psetid_t pset = 0;
inline int chip = 0;
inline int lgrp = 0;
inline string root = curthread->fs->root.dentry->d_name.name == NULL ? "/" : str(curthread->fs->root.dentry->d_name.name);
inline string cwd = path(&curthread->fs->pwd);

/* part: curthread */

/*
 * Members of other systems' threads, processes and files: __STRUCT_MEMBER is that member of Linux's struct. A process is its first
 * thread there; what lies within it (p_user, u_finfo) is the same task.
 */
inline struct task_struct *__task_struct_t_procp[struct task_struct *T] = T->group_leader;
inline struct task_struct *__task_struct_td_proc[struct task_struct *T] = T->group_leader;
inline struct task_struct *__task_struct_t_lwp[struct task_struct *T] = T;
inline id_t __task_struct_t_tid[struct task_struct *T] = T->pid;
inline id_t __task_struct_td_tid[struct task_struct *T] = T->pid;
inline int __task_struct_t_pri[struct task_struct *T] = T->prio;
inline int __task_struct_td_priority[struct task_struct *T] = T->prio;
inline string __task_struct_td_name[struct task_struct *T] = T->comm;
inline struct task_struct *__task_struct_p_parent[struct task_struct *T] = T->real_parent;
inline struct task_struct *__task_struct_p_pptr[struct task_struct *T] = T->real_parent;
inline struct task_struct *__task_struct_p_pidp[struct task_struct *T] = T;
inline pid_t __task_struct_pid_id[struct task_struct *T] = T->tgid;
inline pid_t __task_struct_p_pid[struct task_struct *T] = T->tgid;
inline pid_t __task_struct_p_ppid[struct task_struct *T] = T->real_parent->tgid;
inline int __task_struct_p_lwpcnt[struct task_struct *T] = T->signal->nr_threads;
inline string __task_struct_p_comm[struct task_struct *T] = T->comm;
inline struct task_struct *__task_struct_p_user[struct task_struct *T] = T;
inline string __task_struct_u_comm[struct task_struct *T] = T->comm;
inline string __task_struct_u_psargs[struct task_struct *T] =
	T->mm ? argtext(T->mm->arg_start, T->mm->arg_end - T->mm->arg_start) : stringof(T->comm);
inline struct cred *__task_struct_p_cred[struct task_struct *T] = (struct cred *)T->cred;
inline struct cred *__task_struct_t_cred[struct task_struct *T] = (struct cred *)T->cred;
inline uid_t __cred_cr_uid[struct cred *C] = C->euid.val;
inline uid_t __cred_cr_ruid[struct cred *C] = C->uid.val;
inline gid_t __cred_cr_gid[struct cred *C] = C->egid.val;
inline gid_t __cred_cr_rgid[struct cred *C] = C->gid.val;
inline struct task_struct *__task_struct_u_finfo[struct task_struct *T] = T;
inline struct file **__task_struct_fi_list[struct task_struct *T] = T->files->fdt->fd;
inline struct file *__file_uf_file[struct file *F] = F;
inline struct file *__file_f_vnode[struct file *F] = F;
inline string __file_v_path[struct file *F] = path(&F->f_path);

/* part: timespec timeval */

/* structs of programs, which the kernel has under other names */
struct timespec {
	long tv_sec;
	long tv_nsec;
};

struct timeval {
	long tv_sec;
	long tv_usec;
};

/* part: in6_addr_t */

typedef struct in6_addr in6_addr_t;

/* part: ipl */

inline uint_t ipl = 0;

/* part: R_ */

/* uregs[]: the kernel's struct pt_regs */
inline int R_R15 = 0;
inline int R_R14 = 1;
inline int R_R13 = 2;
inline int R_R12 = 3;
inline int R_RBP = 4;
inline int R_EBP = 4;
inline int R_FP = 4;
inline int R_RBX = 5;
inline int R_EBX = 5;
inline int R_R11 = 6;
inline int R_R10 = 7;
inline int R_R9 = 8;
inline int R_R8 = 9;
inline int R_RAX = 10;
inline int R_EAX = 10;
inline int R_R0 = 10;
inline int R_RCX = 11;
inline int R_ECX = 11;
inline int R_RDX = 12;
inline int R_EDX = 12;
inline int R_RSI = 13;
inline int R_ESI = 13;
inline int R_RDI = 14;
inline int R_EDI = 14;
inline int R_ORIG_RAX = 15;
inline int R_RIP = 16;
inline int R_EIP = 16;
inline int R_PC = 16;
inline int R_CS = 17;
inline int R_RFL = 18;
inline int R_EFL = 18;
inline int R_PS = 18;
inline int R_RSP = 19;
inline int R_ESP = 19;
inline int R_UESP = 19;
inline int R_SP = 19;
inline int R_SS = 20;

/* part: link_ntop */

inline string __fn_link_ntop[int T, uchar_t *A] = macaddr(A);

/* part: mutex_ rw_ RW_ lockstat */

inline int RW_WRITER = 0;
inline int RW_READER = 1;

/* part: mutex_ rw_ */

/*
 * Locks: the lowest three bits of a mutex's owner are flags. A rwlock counts readers above its writer's byte and a bit for a writer that
 * waits, a rw_semaphore above one bit for its writer and seven for who waits: there readers only wait if a writer does, or has it.
 */
inline int __fn_mutex_owned[struct mutex *M] = (M->owner.counter & ~7) == (long)curthread;
inline struct task_struct *__fn_mutex_owner[struct mutex *M] = (struct task_struct *)(M->owner.counter & ~7);
inline int __fn_mutex_type_adaptive[struct mutex *M] = 1;
inline int __fn_mutex_type_spin[struct mutex *M] = 0;
struct __rw_state {
	int read_held;
	int write_held;
	int wanted;
};

translator struct __rw_state < rwlock_t *L > {
	read_held = (L->raw_lock.cnts.counter & ~0x1ff) != 0;
	write_held = (L->raw_lock.cnts.counter & 0xff) != 0;
	wanted = (L->raw_lock.cnts.counter & 0x1ff) != 0;
};

translator struct __rw_state < struct rw_semaphore *S > {
	read_held = (S->count.counter & ~0xff) > 0;
	write_held = (S->count.counter & 1) != 0;
	wanted = (S->count.counter & 3) != 0;
};

inline int __fn_rw_read_held[void *L] = xlate <struct __rw_state *>(L)->read_held;
inline int __fn_rw_write_held[void *L] = xlate <struct __rw_state *>(L)->write_held;
inline int __fn_rw_iswriter[void *L] = xlate <struct __rw_state *>(L)->wanted;

/* part: vtimestamp */

/*
 * Time on the CPU: what the thread had when the scheduler last counted it, and what went by since by the scheduler's own clock. How far that is
 * behind ours is the least that a switch shows, which comes soon after the clock was read; the two may drift apart by 60 ppm. What interrupts
 * took is no time of the thread's.
 */
rawtp:::sched_switch
{
	__on_cpu_ahead[cpu] = __on_cpu_ahead[cpu] && timestamp - __on_cpu_rq[(struct task_struct *)args[2]]->clock > __on_cpu_ahead[cpu] ?
		__on_cpu_ahead[cpu] + ((timestamp - __on_cpu_at[cpu]) >> 14) :
		timestamp - __on_cpu_rq[(struct task_struct *)args[2]]->clock;
	__on_cpu_at[cpu] = timestamp;
}

inline struct rq *__on_cpu_rq[struct task_struct *T] = T->se.cfs_rq->rq;
inline uint64_t vtimestamp = __on_cpu_ahead[cpu] ? curthread->se.sum_exec_runtime + timestamp - __on_cpu_ahead[cpu] -
	(__on_cpu_rq[curthread]->clock - __on_cpu_rq[curthread]->clock_task) - curthread->se.exec_start : curthread->se.sum_exec_runtime;

/* part: ` */

/* variables of other systems' kernels */
inline uint64_t __bt_hp_avenrun[int I] = has_symbol("avenrun") ? ((unsigned long *)kaddr("avenrun"))[I] * 32 : 0;
inline int __bt_ncpus_online = ncpus;
inline int __bt_ncpus = ncpus;
inline int __bt__ncpu = ncpus;
inline int __bt__pagesize = 4096;
inline int __bt_mpid = has_symbol("init_pid_ns") ? ((struct pid_namespace *)kaddr("init_pid_ns"))->idr.idr_next - 1 : 0;
inline uint64_t __bt_lbolt = has_symbol("jiffies") ? *(unsigned long *)kaddr("jiffies") : timestamp / 10000000;
inline uint64_t __bt_freemem = has_symbol("vm_zone_stat") ? *(unsigned long *)kaddr("vm_zone_stat") : 0;

/* part: proc: CLD_ PR_MODEL SSLEEP SRUN SZOMB SSTOP SIDL SONPROC :create :start :exec :exit signal- */

/* proc */

typedef struct siginfo_of_d {
	int si_signo;
	int si_errno;
	int si_code;
	pid_t si_pid;
	uid_t si_uid;
	int si_status;
	uintptr_t si_addr;
} siginfo_t;

translator siginfo_t < struct kernel_siginfo *S > {
	si_signo = S->si_signo;
	si_errno = S->si_errno;
	si_code = S->si_code;
	si_pid = S->_sifields._kill._pid;
	si_uid = S->_sifields._kill._uid;
	si_status = S->_sifields._sigchld._status;
	si_addr = (uintptr_t)S->_sifields._sigfault._addr;
};

inline psinfo_t *__proc_create_args0 = xlate <psinfo_t *>((struct task_struct *)args[1]);
inline uintptr_t __proc_create_arg0 = args[1];
inline int __proc_create_when = ((struct task_struct *)args[1])->pid == ((struct task_struct *)args[1])->tgid;

inline lwpsinfo_t *__lwp_create_args0 = xlate <lwpsinfo_t *>((struct task_struct *)args[1]);
inline psinfo_t *__lwp_create_args1 = xlate <psinfo_t *>((struct task_struct *)args[1]);

inline int __proc_start_when = arg1 == 0 && pid == tid;
inline int __lwp_start_when = arg1 == 0;

inline string __proc_exec_args0 = copyinstr(arg0);
inline int __proc_exec_failure_args0 = -arg1;
inline int __proc_exec_failure_when = (arg1 < 0);

inline int __proc_exit_args0 = curthread->exit_code & 0x7f ? (curthread->exit_code & 0x80 ? 3 : 2) : 1;
inline int __proc_exit_when = curthread->signal->live.counter == 0;

inline lwpsinfo_t *__signal_send_args0 = xlate <lwpsinfo_t *>((struct task_struct *)args[2]);
inline psinfo_t *__signal_send_args1 = xlate <psinfo_t *>((struct task_struct *)args[2]);
inline int __signal_send_args2 = args[0];
inline int __signal_send_when = args[4] == 0 || args[4] == 2;
inline lwpsinfo_t *__signal_discard_args0 = xlate <lwpsinfo_t *>((struct task_struct *)args[2]);
inline psinfo_t *__signal_discard_args1 = xlate <psinfo_t *>((struct task_struct *)args[2]);
inline int __signal_discard_args2 = args[0];
inline int __signal_discard_when = args[4] == 1;
inline int __signal_handle_args0 = args[0];
inline siginfo_t *__signal_handle_args1 = xlate <siginfo_t *>((struct kernel_siginfo *)args[1]);
inline uintptr_t __signal_handle_args2 = (uintptr_t)((struct k_sigaction *)args[2])->sa.sa_handler;
inline int __signal_handle_when = (uintptr_t)((struct k_sigaction *)args[2])->sa.sa_handler > 1;

/* SIGILL, SIGTRAP, SIGBUS, SIGFPE and SIGSEGV that the processor raised: sent with a siginfo that is not one of two constants */
inline int __proc_fault_args0 = args[0];
inline siginfo_t *__proc_fault_args1 = xlate <siginfo_t *>((struct kernel_siginfo *)args[1]);
inline int __proc_fault_when = (0x9b0 >> args[0] & 1) && args[0] < 12 && (uintptr_t)args[1] > 2 &&
			       ((struct kernel_siginfo *)args[1])->si_code > 0;

inline int CLD_EXITED = 1;
inline int CLD_KILLED = 2;
inline int CLD_DUMPED = 3;
inline int CLD_TRAPPED = 4;
inline int CLD_STOPPED = 5;
inline int CLD_CONTINUED = 6;
inline int SSLEEP = 1;
inline int SRUN = 2;
inline int SZOMB = 3;
inline int SSTOP = 4;
inline int SIDL = 5;
inline int SONPROC = 6;
inline char PR_MODEL_ILP32 = 1;
inline char PR_MODEL_LP64 = 2;

/* part: sched: -cpu :enqueue :dequeue :sleep :wakeup :preempt change-pri surrender tick */

/* sched */

inline int __on_cpu_when = args[0];
inline int __remain_cpu_when = !args[0];
inline lwpsinfo_t *__off_cpu_args0 = xlate <lwpsinfo_t *>((struct task_struct *)args[2]);
inline psinfo_t *__off_cpu_args1 = xlate <psinfo_t *>((struct task_struct *)args[2]);
inline uintptr_t __off_cpu_arg0 = args[2];
inline int __sched_preempt_arg0 = 1;
inline int __sched_preempt_when = (has_member(struct task_struct, "__state") ? curthread->__state : curthread->state) == 0;
inline int __sched_sleep_when = (has_member(struct task_struct, "__state") ? curthread->__state : curthread->state) != 0;
inline lwpsinfo_t *__wakeup_args0 = xlate <lwpsinfo_t *>((struct task_struct *)args[0]);
inline psinfo_t *__wakeup_args1 = xlate <psinfo_t *>((struct task_struct *)args[0]);
inline cpuinfo_t *__wakeup_args2 = xlate <cpuinfo_t *>((processorid_t)cpu);
inline int __wakeup_args3 = 0;
inline lwpsinfo_t *__dequeue_args0 = xlate <lwpsinfo_t *>((struct task_struct *)args[1]);
inline psinfo_t *__dequeue_args1 = xlate <psinfo_t *>((struct task_struct *)args[1]);
inline cpuinfo_t *__dequeue_args2 = xlate <cpuinfo_t *>((processorid_t)cpu);
inline int __dequeue_when = (has_member(struct task_struct, "__state") ? curthread->__state : curthread->state) != 0;
inline lwpsinfo_t *__current_args0 = xlate <lwpsinfo_t *>(curthread);
inline psinfo_t *__current_args1 = xlate <psinfo_t *>(curthread);
inline lwpsinfo_t *__change_pri_args0 = xlate <lwpsinfo_t *>((struct task_struct *)args[0]);
inline psinfo_t *__change_pri_args1 = xlate <psinfo_t *>((struct task_struct *)args[0]);
inline int __change_pri_args2 = ((struct task_struct *)args[1]) ? ((struct task_struct *)args[1])->prio : 0;

/* part: io: B_ bufinfo devinfo fileinfo fds :start :done */

/* io */

typedef struct bufinfo {
	int b_flags;
	size_t b_bcount;
	caddr_t b_addr;
	uint64_t b_blkno;
	uint64_t b_lblkno;
	size_t b_resid;
	size_t b_bufsize;
	caddr_t b_iodone;
	int b_error;
	dev_t b_edev;
} bufinfo_t;

typedef struct devinfo {
	int dev_major;
	int dev_minor;
	int dev_instance;
	int dev_type;
	string dev_name;
	string dev_statname;
	string dev_pathname;
} devinfo_t;

typedef struct fileinfo {
	string fi_name;
	string fi_dirname;
	string fi_pathname;
	loff_t fi_offset;
	string fi_fs;
	string fi_mount;
	int fi_oflags;
} fileinfo_t;

inline int B_BUSY = 0x1;
inline int B_DONE = 0x2;
inline int B_ERROR = 0x4;
inline int B_PAGEIO = 0x10;
inline int B_PHYS = 0x20;
inline int B_READ = 0x40;
inline int B_WRITE = 0x100;
inline int B_ASYNC = 0x400;

inline struct gendisk *__disk[struct request *R] = has_member(struct request, "rq_disk") ? R->rq_disk : R->q->disk;
inline dev_t __partition[struct request *R] =
	has_member(struct block_device, "bd_stats") ? (R->part ? R->part->bd_dev : __disk[R]->part0->bd_dev) :
	(R->part ? R->part->__dev.devt : __disk[R]->part0.__dev.devt);	/* struct hd_struct, before 5.11 */

translator bufinfo_t < struct request *R > {
	b_flags = (R->cmd_flags & 1 ? B_WRITE : B_READ) | (R->cmd_flags & (1 << 11) ? 0 : B_ASYNC);
	b_bcount = R->__data_len;
	b_bufsize = R->__data_len;
	b_addr = 0;
	b_blkno = R->__sector;
	b_lblkno = R->__sector;
	b_resid = 0;
	b_iodone = 0;
	b_error = 0;
	b_edev = __partition[R];
};

translator devinfo_t < struct request *R > {
	dev_major = __disk[R]->major;
	dev_minor = __partition[R] & 0xfffff;
	dev_instance = __disk[R]->first_minor;
	dev_type = 0;
	dev_name = stringof(__disk[R]->disk_name);
	dev_statname = stringof(__disk[R]->disk_name);
	dev_pathname = strjoin("/dev/", stringof(__disk[R]->disk_name));
};

/* what the first page that is read or written caches: none, where a process's own memory is */
inline struct page *__io_page[struct request *R] =
	R->bio && (R->cmd_flags & 0xff) <= 1 && R->bio->bi_io_vec ? R->bio->bi_io_vec[R->bio->bi_iter.bi_idx].bv_page : NULL;

translator fileinfo_t < struct request *R > {
	fi_name = basename(path(__io_page[R]));
	fi_dirname = path(__io_page[R]) == "<none>" ? "<none>" : dirname(path(__io_page[R]));
	fi_pathname = path(__io_page[R]);
	fi_offset = R->__sector << 9;
	fi_fs = "<none>";
	fi_mount = "<none>";
	fi_oflags = 0;
};

/* the files that the process has open */
translator fileinfo_t < struct file *F > {
	fi_name = F ? stringof(F->f_path.dentry->d_name.name) : "<unknown>";
	fi_dirname = F ? dirname(path(&F->f_path)) : "<unknown>";
	fi_pathname = F ? path(&F->f_path) : "<unknown>";
	fi_offset = F ? F->f_pos : 0;
	fi_fs = F ? stringof(F->f_inode->i_sb->s_type->name) : "<unknown>";
	fi_mount = F ? path(F->f_path.mnt) : "<none>";
	fi_oflags = F ? F->f_flags : 0;
};

inline struct file *__file[int FD] = (uint32_t)FD < curthread->files->fdt->max_fds ? curthread->files->fdt->fd[FD] : NULL;
inline fileinfo_t fds[int FD] = xlate <fileinfo_t>(__file[FD]);

inline bufinfo_t *__io_args0 = xlate <bufinfo_t *>((struct request *)args[0]);
inline devinfo_t *__io_args1 = xlate <devinfo_t *>((struct request *)args[0]);
inline fileinfo_t *__io_args2 = xlate <fileinfo_t *>((struct request *)args[0]);
inline uintptr_t __io_arg0 = (uintptr_t)args[0];

/* part: vminfo sysinfo lockstat sdt sched: mib: _fault pgin pgout pgpg fspg maj_ ch readch writech sysread syswrite sysexec sysfork sysvfork pswitch inv_ bread bwrite intr trap -block -spin interrupt */

/* vminfo, sysinfo, lockstat, sdt */

inline int __one_arg0 = 1;
inline int __one_arg1 = 0;
inline int64_t __bytes_arg0 = arg1;
inline int __bytes_when = arg1 > 0;
inline int __pages_arg0 = (((struct request *)args[0])->__data_len + 4095) / 4096;
inline int __pages_in_arg0 = (((struct request *)args[0])->__data_len + 4095) / 4096;
inline int __pages_in_when = !(((struct request *)args[0])->cmd_flags & 1);
inline int __pages_out_arg0 = (((struct request *)args[0])->__data_len + 4095) / 4096;
inline int __pages_out_when = ((struct request *)args[0])->cmd_flags & 1;
inline int __one_in_arg0 = 1;
inline int __one_in_when = !(((struct request *)args[0])->cmd_flags & 1);
inline int __one_out_arg0 = 1;
inline int __one_out_when = ((struct request *)args[0])->cmd_flags & 1;

inline int __prot_fault_arg0 = 1;
inline int __prot_fault_when = (int)args[2] & 1;
inline int __cow_fault_arg0 = 1;
inline int __cow_fault_when = ((int)args[2] & 3) == 3;
inline int __to_idle_arg0 = 1;
inline int __to_idle_when = ((struct task_struct *)args[2])->pid == 0;
inline int __no_process_arg0 = 1;
inline int __no_process_when = arg1 == -11;
inline int __tick_idle_arg0 = 1;
inline int __tick_idle_when = pid == 0;
inline int __tick_kernel_arg0 = 1;
inline int __tick_kernel_when = arg0 && pid != 0;
inline int __tick_user_arg0 = 1;
inline int __tick_user_when = arg1 != 0;

/* flags of contention_begin: 1 spins, 2 reads, 4 writes, 8 rt_mutex, 32 mutex */
inline int __mutex_enter_arg0 = 1;
inline int __mutex_enter_when = ((int)args[1] & 33) == 32;
inline int __rw_read_arg0 = 1;
inline int __rw_read_when = ((int)args[1] & 19) == 2;
inline int __rw_write_arg0 = 1;
inline int __rw_write_when = ((int)args[1] & 5) == 4;

/*
 * Since when this thread waits for a lock, and how: the flags, and 64 where it has not only spun. Whoever waits for a mutex spins, sleeps and
 * spins again, each of which begins anew.
 */
rawtp:::contention_begin
{
	self->__waits_since = self->__waits_since ? self->__waits_since : timestamp;
	self->__waits_how |= (int)args[1] & 1 ? (int)args[1] : (int)args[1] | 64;
}

rawtp:::contention_end
{
	self->__waits_since = 0;
	self->__waits_how = 0;
}

inline int64_t __waited = self->__waits_since ? timestamp - self->__waits_since : 0;

inline uintptr_t __mutex_block_arg0 = (uintptr_t)args[0];
inline int64_t __mutex_block_arg1 = __waited;
inline int __mutex_block_when = (self->__waits_how & 40) && (self->__waits_how & 64);
inline uintptr_t __mutex_spin_arg0 = (uintptr_t)args[0];
inline int64_t __mutex_spin_arg1 = __waited;
inline int __mutex_spin_when = (self->__waits_how & 32) && !(self->__waits_how & 64);
inline uintptr_t __spin_spin_arg0 = (uintptr_t)args[0];
inline int64_t __spin_spin_arg1 = __waited;
inline int __spin_spin_when = (self->__waits_how & 47) == 1;
/* arg2: RW_WRITER or RW_READER */
inline uintptr_t __rw_block_arg0 = (uintptr_t)args[0];
inline int64_t __rw_block_arg1 = __waited;
inline int __rw_block_arg2 = (self->__waits_how & 2) != 0;
inline int __rw_block_arg3 = 0;
inline int __rw_block_arg4 = 0;
inline int __rw_block_when = (self->__waits_how & 6) && (self->__waits_how & 64);
inline uintptr_t __rw_spin_arg0 = (uintptr_t)args[0];
inline int64_t __rw_spin_arg1 = __waited;
inline int __rw_spin_arg2 = (self->__waits_how & 2) != 0;
inline int __rw_spin_when = (self->__waits_how & 6) && !(self->__waits_how & 64);

/* lock and unlock: the functions that wait and return nothing, 0 if they have it, or 1 */
inline uintptr_t __lock_taken_arg0 = (uintptr_t)args[0];
inline uintptr_t __lock_not_refused_arg0 = (uintptr_t)args[0];
inline int __lock_not_refused_when = (int)retval == 0;
inline uintptr_t __lock_tried_arg0 = (uintptr_t)args[0];
inline int __lock_tried_when = (int)retval == 1;
inline uintptr_t __lock_refused_arg0 = (uintptr_t)args[0];
inline int __lock_refused_arg1 = -(int)retval;
inline int __lock_refused_when = (int)retval != 0;
inline uintptr_t __read_taken_arg0 = (uintptr_t)args[0];
inline int __read_taken_arg1 = RW_READER;
inline uintptr_t __read_not_refused_arg0 = (uintptr_t)args[0];
inline int __read_not_refused_arg1 = RW_READER;
inline int __read_not_refused_when = (int)retval == 0;
inline uintptr_t __read_tried_arg0 = (uintptr_t)args[0];
inline int __read_tried_arg1 = RW_READER;
inline int __read_tried_when = (int)retval == 1;
inline uintptr_t __write_taken_arg0 = (uintptr_t)args[0];
inline int __write_taken_arg1 = RW_WRITER;
inline uintptr_t __write_not_refused_arg0 = (uintptr_t)args[0];
inline int __write_not_refused_arg1 = RW_WRITER;
inline int __write_not_refused_when = (int)retval == 0;
inline uintptr_t __write_tried_arg0 = (uintptr_t)args[0];
inline int __write_tried_arg1 = RW_WRITER;
inline int __write_tried_when = (int)retval == 1;

/* part: syscall: :entry :return */

/* system calls by the names that they had: the path or so that Linux has second is first */

inline int64_t __at_arg0 = arg1;
inline int64_t __at_arg1 = arg2;
inline int64_t __at_arg2 = arg3;
inline int64_t __at_arg3 = arg4;
inline int64_t __at_arg4 = arg5;

/* what a call returns is told as C programs see it */
inline int64_t __sysret_arg0 = errno ? -1 : arg0;
inline int64_t __sysret_arg1 = errno ? -1 : arg0;

/* part: tcp udp ip: mib: ipinfo :send :receive :state :connect :accept */

/* ip, tcp, udp: the headers of a packet that is sent (net_dev_queue) or received (netif_receive_skb), and sockets */

typedef struct pktinfo {
	uintptr_t pkt_addr;
} pktinfo_t;

typedef struct csinfo {
	uintptr_t cs_addr;
	uint64_t cs_cid;
	pid_t cs_pid;
	zoneid_t cs_zoneid;
} csinfo_t;

typedef struct ipinfo {
	uint8_t ip_ver;
	uint32_t ip_plength;
	string ip_saddr;
	string ip_daddr;
} ipinfo_t;

typedef struct ifinfo {
	string if_name;
	int8_t if_local;
	int if_ipstack;
	uintptr_t if_addr;
} ifinfo_t;

typedef struct ipv4info {
	uint8_t ipv4_ver;
	uint8_t ipv4_ihl;
	uint8_t ipv4_tos;
	uint16_t ipv4_length;
	uint16_t ipv4_ident;
	uint8_t ipv4_flags;
	uint16_t ipv4_offset;
	uint8_t ipv4_ttl;
	uint8_t ipv4_protocol;
	string ipv4_protostr;
	uint16_t ipv4_checksum;
	uint32_t ipv4_src;
	uint32_t ipv4_dst;
	string ipv4_saddr;
	string ipv4_daddr;
	uintptr_t ipv4_hdr;
} ipv4info_t;

typedef struct ipv6info {
	uint8_t ipv6_ver;
	uint8_t ipv6_tclass;
	uint32_t ipv6_flow;
	uint16_t ipv6_plen;
	uint8_t ipv6_nexthdr;
	string ipv6_nextstr;
	uint8_t ipv6_hlim;
	string ipv6_saddr;
	string ipv6_daddr;
	uintptr_t ipv6_hdr;
} ipv6info_t;

typedef struct tcpinfo {
	uint16_t tcp_sport;
	uint16_t tcp_dport;
	uint32_t tcp_seq;
	uint32_t tcp_ack;
	uint8_t tcp_offset;
	uint8_t tcp_flags;
	uint16_t tcp_window;
	uint16_t tcp_checksum;
	uint16_t tcp_urgent;
	uintptr_t tcp_hdr;
} tcpinfo_t;

typedef struct tcpsinfo {
	uintptr_t tcps_addr;
	int tcps_local;
	int tcps_active;
	uint16_t tcps_lport;
	uint16_t tcps_rport;
	string tcps_laddr;
	string tcps_raddr;
	int32_t tcps_state;
	uint32_t tcps_iss;
	uint32_t tcps_suna;
	uint32_t tcps_snxt;
	uint32_t tcps_rack;
	uint32_t tcps_rnxt;
	uint32_t tcps_swnd;
	int32_t tcps_snd_ws;
	uint32_t tcps_rwnd;
	int32_t tcps_rcv_ws;
	uint32_t tcps_cwnd;
	uint32_t tcps_cwnd_ssthresh;
	uint32_t tcps_sack_fack;
	uint32_t tcps_sack_snxt;
	uint32_t tcps_mss;
	int tcps_retransmit;
	uint32_t tcps_rto;
} tcpsinfo_t;

typedef struct tcplsinfo {
	int32_t tcps_state;
} tcplsinfo_t;

typedef struct udpinfo {
	uint16_t udp_sport;
	uint16_t udp_dport;
	uint16_t udp_length;
	uint16_t udp_checksum;
	uintptr_t udp_hdr;
} udpinfo_t;

typedef struct udpsinfo {
	uintptr_t udps_addr;
	uint16_t udps_lport;
	uint16_t udps_rport;
	string udps_laddr;
	string udps_raddr;
} udpsinfo_t;

inline int TCP_STATE_ESTABLISHED = 1;
inline int TCP_STATE_SYN_SENT = 2;
inline int TCP_STATE_SYN_RECEIVED = 3;
inline int TCP_STATE_FIN_WAIT_1 = 4;
inline int TCP_STATE_FIN_WAIT_2 = 5;
inline int TCP_STATE_TIME_WAIT = 6;
inline int TCP_STATE_CLOSED = 7;
inline int TCP_STATE_CLOSE_WAIT = 8;
inline int TCP_STATE_LAST_ACK = 9;
inline int TCP_STATE_LISTEN = 10;
inline int TCP_STATE_CLOSING = 11;
inline string tcp_state_string[int S] =
	S == 1 ? "state-established" : S == 2 ? "state-syn-sent" : S == 3 ? "state-syn-received" : S == 4 ? "state-fin-wait-1" :
	S == 5 ? "state-fin-wait-2" : S == 6 ? "state-time-wait" : S == 7 ? "state-closed" : S == 8 ? "state-close-wait" :
	S == 9 ? "state-last-ack" : S == 10 ? "state-listen" : S == 11 ? "state-closing" : "<unknown>";

inline int TH_FIN = 0x1;
inline int TH_SYN = 0x2;
inline int TH_RST = 0x4;
inline int TH_PUSH = 0x8;
inline int TH_ACK = 0x10;
inline int TH_URG = 0x20;
inline int TH_ECE = 0x40;
inline int TH_CWR = 0x80;

inline uint8_t __ip_version[struct iphdr *H] = *(uint8_t *)H >> 4;
inline struct ipv6hdr *__ip6[struct iphdr *H] = (struct ipv6hdr *)H;
inline uint8_t __ip_protocol[struct iphdr *H] = __ip_version[H] == 4 ? H->protocol : __ip6[H]->nexthdr;
inline uint32_t __ip_length[struct iphdr *H] =
	__ip_version[H] == 4 ? ntohs(H->tot_len) - (*(uint8_t *)H & 15) * 4 : ntohs(__ip6[H]->payload_len);
inline uint8_t *__ip_payload[struct iphdr *H] = (uint8_t *)H + (__ip_version[H] == 4 ? (*(uint8_t *)H & 15) * 4 : 40);
inline struct tcphdr *__tcp_of[struct iphdr *H] = (struct tcphdr *)__ip_payload[H];
inline struct udphdr *__udp_of[struct iphdr *H] = (struct udphdr *)__ip_payload[H];

inline struct sk_buff *__skb = (struct sk_buff *)args[0];
inline struct iphdr *__ip_sent = (struct iphdr *)(__skb->head + __skb->network_header);
inline struct iphdr *__ip_received = (struct iphdr *)__skb->data;
inline int __is_ip = __skb->protocol == 0x0008 || __skb->protocol == 0xdd86;

translator pktinfo_t < struct sk_buff *S > {
	pkt_addr = (uintptr_t)S;
};

translator csinfo_t < struct sk_buff *S > {
	cs_addr = (uintptr_t)S->sk;
	cs_cid = (uintptr_t)S->sk;
	cs_pid = pid;
	cs_zoneid = 0;
};

translator ifinfo_t < struct sk_buff *S > {
	if_name = S->dev->name;
	if_local = (S->dev->flags & 8) != 0;
	if_ipstack = 0;
	if_addr = (uintptr_t)S->dev;
};

translator ipinfo_t < struct iphdr *H > {
	ip_ver = __ip_version[H];
	ip_plength = __ip_length[H];
	ip_saddr = inet_ntop(__ip_version[H] == 4 ? 2 : 10, __ip_version[H] == 4 ? (void *)&H->saddr : (void *)&__ip6[H]->saddr);
	ip_daddr = inet_ntop(__ip_version[H] == 4 ? 2 : 10, __ip_version[H] == 4 ? (void *)&H->daddr : (void *)&__ip6[H]->daddr);
};

translator ipv4info_t < struct iphdr *H > {
	ipv4_ver = __ip_version[H];
	ipv4_ihl = (*(uint8_t *)H & 15) * 4;
	ipv4_tos = H->tos;
	ipv4_length = ntohs(H->tot_len);
	ipv4_ident = ntohs(H->id);
	ipv4_flags = ntohs(H->frag_off) >> 13;
	ipv4_offset = ntohs(H->frag_off) & 0x1fff;
	ipv4_ttl = H->ttl;
	ipv4_protocol = H->protocol;
	ipv4_protostr = H->protocol == 6 ? "TCP" : H->protocol == 17 ? "UDP" : H->protocol == 1 ? "ICMP" : "<unknown>";
	ipv4_checksum = ntohs(H->check);
	ipv4_src = H->saddr;
	ipv4_dst = H->daddr;
	ipv4_saddr = inet_ntop(2, (void *)&H->saddr);
	ipv4_daddr = inet_ntop(2, (void *)&H->daddr);
	ipv4_hdr = (uintptr_t)H;
};

translator ipv6info_t < struct iphdr *H > {
	ipv6_ver = __ip_version[H];
	ipv6_tclass = 0;
	ipv6_flow = 0;
	ipv6_plen = ntohs(__ip6[H]->payload_len);
	ipv6_nexthdr = __ip6[H]->nexthdr;
	ipv6_nextstr = __ip6[H]->nexthdr == 6 ? "TCP" : __ip6[H]->nexthdr == 17 ? "UDP" : "<unknown>";
	ipv6_hlim = __ip6[H]->hop_limit;
	ipv6_saddr = inet_ntop(10, (void *)&__ip6[H]->saddr);
	ipv6_daddr = inet_ntop(10, (void *)&__ip6[H]->daddr);
	ipv6_hdr = (uintptr_t)H;
};

translator tcpinfo_t < struct iphdr *H > {
	tcp_sport = ntohs(__tcp_of[H]->source);
	tcp_dport = ntohs(__tcp_of[H]->dest);
	tcp_seq = ntohl(__tcp_of[H]->seq);
	tcp_ack = ntohl(__tcp_of[H]->ack_seq);
	tcp_offset = (__ip_payload[H][12] >> 4) * 4;
	tcp_flags = __ip_payload[H][13];
	tcp_window = ntohs(__tcp_of[H]->window);
	tcp_checksum = ntohs(__tcp_of[H]->check);
	tcp_urgent = ntohs(__tcp_of[H]->urg_ptr);
	tcp_hdr = (uintptr_t)__tcp_of[H];
};

translator udpinfo_t < struct iphdr *H > {
	udp_sport = ntohs(__udp_of[H]->source);
	udp_dport = ntohs(__udp_of[H]->dest);
	udp_length = ntohs(__udp_of[H]->len);
	udp_checksum = ntohs(__udp_of[H]->check);
	udp_hdr = (uintptr_t)__udp_of[H];
};

/* a socket: what it sends; as an inet_sock: what it receives; as a tcp_sock: in the state that it changes to */

inline string __sock_local[struct sock *S] =
	inet_ntop(S->__sk_common.skc_family, S->__sk_common.skc_family == 2 ? (void *)&S->__sk_common.skc_rcv_saddr :
		  (void *)&S->__sk_common.skc_v6_rcv_saddr);
inline string __sock_remote[struct sock *S] =
	inet_ntop(S->__sk_common.skc_family, S->__sk_common.skc_family == 2 ? (void *)&S->__sk_common.skc_daddr :
		  (void *)&S->__sk_common.skc_v6_daddr);

translator csinfo_t < struct sock *S > {
	cs_addr = (uintptr_t)S;
	cs_cid = (uintptr_t)S;
	cs_pid = pid;
	cs_zoneid = 0;
};

translator ipinfo_t < struct sock *S > {
	ip_ver = S->__sk_common.skc_family == 2 ? 4 : 6;
	ip_plength = 0;
	ip_saddr = __sock_local[S];
	ip_daddr = __sock_remote[S];
};

translator ipinfo_t < struct inet_sock *S > {
	ip_ver = ((struct sock *)S)->__sk_common.skc_family == 2 ? 4 : 6;
	ip_plength = 0;
	ip_saddr = __sock_remote[(struct sock *)S];
	ip_daddr = __sock_local[(struct sock *)S];
};

translator tcpinfo_t < struct sock *S > {
	tcp_sport = S->__sk_common.skc_num;
	tcp_dport = ntohs(S->__sk_common.skc_dport);
	tcp_seq = 0;
	tcp_ack = 0;
	tcp_offset = 0;
	tcp_flags = 0;
	tcp_window = 0;
	tcp_checksum = 0;
	tcp_urgent = 0;
	tcp_hdr = 0;
};

translator tcpinfo_t < struct inet_sock *S > {
	tcp_sport = ntohs(((struct sock *)S)->__sk_common.skc_dport);
	tcp_dport = ((struct sock *)S)->__sk_common.skc_num;
	tcp_seq = 0;
	tcp_ack = 0;
	tcp_offset = 0;
	tcp_flags = 0;
	tcp_window = 0;
	tcp_checksum = 0;
	tcp_urgent = 0;
	tcp_hdr = 0;
};

translator tcpsinfo_t < struct sock *S > {
	tcps_addr = (uintptr_t)S;
	tcps_local = S->__sk_common.skc_daddr == S->__sk_common.skc_rcv_saddr;
	tcps_active = 0;
	tcps_lport = S->__sk_common.skc_num;
	tcps_rport = ntohs(S->__sk_common.skc_dport);
	tcps_laddr = __sock_local[S];
	tcps_raddr = __sock_remote[S];
	tcps_state = S->__sk_common.skc_state;
	tcps_iss = 0;
	tcps_suna = ((struct tcp_sock *)S)->snd_una;
	tcps_snxt = ((struct tcp_sock *)S)->snd_nxt;
	tcps_rnxt = ((struct tcp_sock *)S)->rcv_nxt;
	tcps_rack = ((struct tcp_sock *)S)->rcv_wup;
	tcps_snd_ws = ((struct tcp_sock *)S)->rx_opt.snd_wscale;
	tcps_rcv_ws = ((struct tcp_sock *)S)->rx_opt.rcv_wscale;
	tcps_sack_fack = ((struct tcp_sock *)S)->snd_una;
	tcps_sack_snxt = ((struct tcp_sock *)S)->snd_nxt;
	tcps_swnd = ((struct tcp_sock *)S)->snd_wnd;
	tcps_rwnd = ((struct tcp_sock *)S)->rcv_wnd;
	tcps_cwnd = ((struct tcp_sock *)S)->snd_cwnd;
	tcps_cwnd_ssthresh = ((struct tcp_sock *)S)->snd_ssthresh;
	tcps_mss = ((struct tcp_sock *)S)->mss_cache;
	tcps_retransmit = 0;
	tcps_rto = 0;
};

translator tcpsinfo_t < struct tcp_sock *T > {
	tcps_addr = (uintptr_t)T;
	tcps_local = ((struct sock *)T)->__sk_common.skc_daddr == ((struct sock *)T)->__sk_common.skc_rcv_saddr;
	tcps_active = 0;
	tcps_lport = ((struct sock *)T)->__sk_common.skc_num;
	tcps_rport = ntohs(((struct sock *)T)->__sk_common.skc_dport);
	tcps_laddr = __sock_local[(struct sock *)T];
	tcps_raddr = __sock_remote[(struct sock *)T];
	tcps_state = (int)args[2];
	tcps_suna = T->snd_una;
	tcps_snxt = T->snd_nxt;
	tcps_rnxt = T->rcv_nxt;
	tcps_rack = T->rcv_wup;
	tcps_snd_ws = T->rx_opt.snd_wscale;
	tcps_rcv_ws = T->rx_opt.rcv_wscale;
	tcps_sack_fack = T->snd_una;
	tcps_sack_snxt = T->snd_nxt;
	tcps_swnd = T->snd_wnd;
	tcps_rwnd = T->rcv_wnd;
	tcps_cwnd = T->snd_cwnd;
	tcps_cwnd_ssthresh = T->snd_ssthresh;
	tcps_mss = T->mss_cache;
	tcps_retransmit = 0;
	tcps_rto = 0;
	tcps_iss = 0;
};

/* a packet that is received has no socket yet: what it tells of that which it is for */
translator tcpsinfo_t < struct iphdr *H > {
	tcps_addr = 0;
	tcps_local = 0;
	tcps_active = 0;
	tcps_lport = ntohs(__tcp_of[H]->dest);
	tcps_rport = ntohs(__tcp_of[H]->source);
	tcps_laddr = inet_ntop(__ip_version[H] == 4 ? 2 : 10, __ip_version[H] == 4 ? (void *)&H->daddr : (void *)&__ip6[H]->daddr);
	tcps_raddr = inet_ntop(__ip_version[H] == 4 ? 2 : 10, __ip_version[H] == 4 ? (void *)&H->saddr : (void *)&__ip6[H]->saddr);
	tcps_state = 0;
	tcps_iss = 0;
	tcps_suna = 0;
	tcps_snxt = 0;
	tcps_rnxt = 0;
	tcps_rack = 0;
	tcps_snd_ws = 0;
	tcps_rcv_ws = 0;
	tcps_sack_fack = 0;
	tcps_sack_snxt = 0;
	tcps_swnd = 0;
	tcps_rwnd = 0;
	tcps_cwnd = 0;
	tcps_cwnd_ssthresh = 0;
	tcps_mss = 0;
	tcps_retransmit = 0;
	tcps_rto = 0;
};

translator udpsinfo_t < struct iphdr *H > {
	udps_addr = 0;
	udps_lport = ntohs(__udp_of[H]->dest);
	udps_rport = ntohs(__udp_of[H]->source);
	udps_laddr = inet_ntop(__ip_version[H] == 4 ? 2 : 10, __ip_version[H] == 4 ? (void *)&H->daddr : (void *)&__ip6[H]->daddr);
	udps_raddr = inet_ntop(__ip_version[H] == 4 ? 2 : 10, __ip_version[H] == 4 ? (void *)&H->saddr : (void *)&__ip6[H]->saddr);
};

translator tcplsinfo_t < int S > {
	tcps_state = S;
};

translator udpsinfo_t < struct sock *S > {
	udps_addr = (uintptr_t)S;
	udps_lport = S->__sk_common.skc_num;
	udps_rport = ntohs(S->__sk_common.skc_dport);
	udps_laddr = __sock_local[S];
	udps_raddr = __sock_remote[S];
};

inline pktinfo_t *__ip_send_args0 = xlate <pktinfo_t *>(__skb);
inline csinfo_t *__ip_send_args1 = xlate <csinfo_t *>(__skb);
inline ipinfo_t *__ip_send_args2 = xlate <ipinfo_t *>(__ip_sent);
inline ifinfo_t *__ip_send_args3 = xlate <ifinfo_t *>(__skb);
inline ipv4info_t *__ip_send_args4 = xlate <ipv4info_t *>(__ip_sent);
inline ipv6info_t *__ip_send_args5 = xlate <ipv6info_t *>(__ip_sent);
inline int __ip_send_when = __is_ip;

inline pktinfo_t *__ip_receive_args0 = xlate <pktinfo_t *>(__skb);
inline csinfo_t *__ip_receive_args1 = xlate <csinfo_t *>(__skb);
inline ipinfo_t *__ip_receive_args2 = xlate <ipinfo_t *>(__ip_received);
inline ifinfo_t *__ip_receive_args3 = xlate <ifinfo_t *>(__skb);
inline ipv4info_t *__ip_receive_args4 = xlate <ipv4info_t *>(__ip_received);
inline ipv6info_t *__ip_receive_args5 = xlate <ipv6info_t *>(__ip_received);
inline int __ip_receive_when = __is_ip;

inline pktinfo_t *__tcp_send_args0 = xlate <pktinfo_t *>(__skb);
inline csinfo_t *__tcp_send_args1 = xlate <csinfo_t *>(__skb);
inline ipinfo_t *__tcp_send_args2 = xlate <ipinfo_t *>(__ip_sent);
inline tcpsinfo_t *__tcp_send_args3 = xlate <tcpsinfo_t *>(__skb->sk);
inline tcpinfo_t *__tcp_send_args4 = xlate <tcpinfo_t *>(__ip_sent);
inline int __tcp_send_when = __is_ip && __ip_protocol[__ip_sent] == 6;

/* an answer to a SYN for which there is no listener: it has no number of its own */
inline pktinfo_t *__tcp_no_listener_args0 = xlate <pktinfo_t *>(__skb);
inline csinfo_t *__tcp_no_listener_args1 = xlate <csinfo_t *>(__skb);
inline ipinfo_t *__tcp_no_listener_args2 = xlate <ipinfo_t *>(__ip_sent);
inline tcpsinfo_t *__tcp_no_listener_args3 = xlate <tcpsinfo_t *>(__skb->sk);
inline tcpinfo_t *__tcp_no_listener_args4 = xlate <tcpinfo_t *>(__ip_sent);
inline int __tcp_no_listener_when = __is_ip && __ip_protocol[__ip_sent] == 6 && __tcp_of[__ip_sent]->rst && __tcp_of[__ip_sent]->ack &&
				    !__tcp_of[__ip_sent]->seq;

inline pktinfo_t *__tcp_receive_args0 = xlate <pktinfo_t *>(__skb);
inline csinfo_t *__tcp_receive_args1 = xlate <csinfo_t *>(__skb);
inline ipinfo_t *__tcp_receive_args2 = xlate <ipinfo_t *>(__ip_received);
inline tcpsinfo_t *__tcp_receive_args3 = xlate <tcpsinfo_t *>(__ip_received);
inline tcpinfo_t *__tcp_receive_args4 = xlate <tcpinfo_t *>(__ip_received);
inline int __tcp_receive_when = __is_ip && __ip_protocol[__ip_received] == 6;

inline pktinfo_t *__udp_send_args0 = xlate <pktinfo_t *>(__skb);
inline csinfo_t *__udp_send_args1 = xlate <csinfo_t *>(__skb);
inline ipinfo_t *__udp_send_args2 = xlate <ipinfo_t *>(__ip_sent);
inline udpsinfo_t *__udp_send_args3 = xlate <udpsinfo_t *>(__skb->sk);
inline udpinfo_t *__udp_send_args4 = xlate <udpinfo_t *>(__ip_sent);
inline int __udp_send_when = __is_ip && __ip_protocol[__ip_sent] == 17;

inline pktinfo_t *__udp_receive_args0 = xlate <pktinfo_t *>(__skb);
inline csinfo_t *__udp_receive_args1 = xlate <csinfo_t *>(__skb);
inline ipinfo_t *__udp_receive_args2 = xlate <ipinfo_t *>(__ip_received);
inline udpsinfo_t *__udp_receive_args3 = xlate <udpsinfo_t *>(__ip_received);
inline udpinfo_t *__udp_receive_args4 = xlate <udpinfo_t *>(__ip_received);
inline int __udp_receive_when = __is_ip && __ip_protocol[__ip_received] == 17;

inline csinfo_t *__tcp_state_args1 = xlate <csinfo_t *>((struct sock *)args[0]);
inline tcpsinfo_t *__tcp_state_args3 = xlate <tcpsinfo_t *>((struct tcp_sock *)args[0]);
inline tcplsinfo_t *__tcp_state_args5 = xlate <tcplsinfo_t *>((int)args[1]);

inline csinfo_t *__tcp_request_args1 = xlate <csinfo_t *>((struct sock *)args[0]);
inline ipinfo_t *__tcp_request_args2 = xlate <ipinfo_t *>((struct sock *)args[0]);
inline tcpsinfo_t *__tcp_request_args3 = xlate <tcpsinfo_t *>((struct tcp_sock *)args[0]);
inline tcpinfo_t *__tcp_request_args4 = xlate <tcpinfo_t *>((struct sock *)args[0]);
inline tcplsinfo_t *__tcp_request_args5 = xlate <tcplsinfo_t *>((int)args[1]);
inline int __tcp_request_when = (int)args[1] == 7 && (int)args[2] == 2;

inline csinfo_t *__tcp_connected_args1 = xlate <csinfo_t *>((struct sock *)args[0]);
inline ipinfo_t *__tcp_connected_args2 = xlate <ipinfo_t *>((struct inet_sock *)args[0]);
inline tcpsinfo_t *__tcp_connected_args3 = xlate <tcpsinfo_t *>((struct tcp_sock *)args[0]);
inline tcpinfo_t *__tcp_connected_args4 = xlate <tcpinfo_t *>((struct inet_sock *)args[0]);
inline tcplsinfo_t *__tcp_connected_args5 = xlate <tcplsinfo_t *>((int)args[1]);
inline int __tcp_connected_when = (int)args[1] == 2 && (int)args[2] == 1;

inline csinfo_t *__tcp_refused_args1 = xlate <csinfo_t *>((struct sock *)args[0]);
inline ipinfo_t *__tcp_refused_args2 = xlate <ipinfo_t *>((struct inet_sock *)args[0]);
inline tcpsinfo_t *__tcp_refused_args3 = xlate <tcpsinfo_t *>((struct tcp_sock *)args[0]);
inline tcpinfo_t *__tcp_refused_args4 = xlate <tcpinfo_t *>((struct inet_sock *)args[0]);
inline tcplsinfo_t *__tcp_refused_args5 = xlate <tcplsinfo_t *>((int)args[1]);
inline int __tcp_refused_when = (int)args[1] == 2 && (int)args[2] == 7;

inline csinfo_t *__tcp_accepted_args1 = xlate <csinfo_t *>((struct sock *)args[0]);
inline ipinfo_t *__tcp_accepted_args2 = xlate <ipinfo_t *>((struct inet_sock *)args[0]);
inline tcpsinfo_t *__tcp_accepted_args3 = xlate <tcpsinfo_t *>((struct tcp_sock *)args[0]);
inline tcpinfo_t *__tcp_accepted_args4 = xlate <tcpinfo_t *>((struct inet_sock *)args[0]);
inline tcplsinfo_t *__tcp_accepted_args5 = xlate <tcplsinfo_t *>((int)args[1]);
inline int __tcp_accepted_when = (int)args[1] == 3 && (int)args[2] == 1;

/* mib */

inline int __mib_active_arg0 = 1;
inline int __mib_active_when = (int)args[1] == 7 && (int)args[2] == 2;
inline int __mib_passive_arg0 = 1;
inline int __mib_passive_when = (int)args[1] == 3 && (int)args[2] == 1;
inline int __mib_fail_arg0 = 1;
inline int __mib_fail_when = ((int)args[1] == 2 || (int)args[1] == 3) && (int)args[2] == 7;
inline int __mib_reset_arg0 = 1;
inline int __mib_reset_when = ((int)args[1] == 1 || (int)args[1] == 8) && (int)args[2] == 7;

/* bytes of data in a segment */
inline uint32_t __tcp_bytes[struct iphdr *H] = __ip_length[H] - (__ip_payload[H][12] >> 4) * 4;

inline int __mib_tcp_out_arg0 = 1;
inline int __mib_tcp_out_when = __is_ip && __ip_protocol[__ip_sent] == 6 && __tcp_bytes[__ip_sent] > 0;
inline int __mib_tcp_out_bytes_arg0 = __tcp_bytes[__ip_sent];
inline int __mib_tcp_out_bytes_when = __is_ip && __ip_protocol[__ip_sent] == 6 && __tcp_bytes[__ip_sent] > 0;
inline int __mib_tcp_in_arg0 = 1;
inline int __mib_tcp_in_when = __is_ip && __ip_protocol[__ip_received] == 6 && __tcp_bytes[__ip_received] > 0;
inline int __mib_tcp_in_bytes_arg0 = __tcp_bytes[__ip_received];
inline int __mib_tcp_in_bytes_when = __is_ip && __ip_protocol[__ip_received] == 6 && __tcp_bytes[__ip_received] > 0;
inline int __mib_udp_out_arg0 = 1;
inline int __mib_udp_out_when = __is_ip && __ip_protocol[__ip_sent] == 17;
inline int __mib_udp_in_arg0 = 1;
inline int __mib_udp_in_when = __is_ip && __ip_protocol[__ip_received] == 17;
inline int __mib_ip_in_arg0 = 1;
inline int __mib_ip_in_when = __is_ip;
