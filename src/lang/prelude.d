/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What D scripts find declared. Nothing of it costs anything unless a script names it: translators give a member when that member is
 * used, so a kernel that lacks a field breaks those scripts only that want it.
 *
 * An inline __ALIAS_argsN (or _argN, where the number is another thing) is what argument N is in the probe of that alias (provider/dprobes.def), in
 * terms of the arguments of the kernel's event; __ALIAS_when is the condition under which that event is D's probe.
 */

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
inline cpuinfo_t *curcpu = xlate <cpuinfo_t *>((processorid_t)cpu);

inline string zonename = "global";
inline zoneid_t zoneid = 0;
inline psetid_t pset = 0;
inline int chip = 0;
inline int lgrp = 0;
inline string root = curthread->fs->root.dentry->d_name.name == NULL ? "/" : str(curthread->fs->root.dentry->d_name.name);
inline string cwd = path(&curthread->fs->pwd);

/* time on the CPU: what the thread had at the last switch, and what went by since */
rawtp:::sched_switch
{
	__on_cpu_sum[cpu] = ((struct task_struct *)args[2])->se.sum_exec_runtime;
	__on_cpu_since[cpu] = timestamp;
}

inline uint64_t vtimestamp = __on_cpu_since[cpu] ? __on_cpu_sum[cpu] + timestamp - __on_cpu_since[cpu] :
			     curthread->se.sum_exec_runtime;

/* variables of other systems' kernels */
inline uint64_t __bt_hp_avenrun[int I] = has_symbol("avenrun") ? ((unsigned long *)kaddr("avenrun"))[I] * 32 : 0;
inline int __bt_ncpus_online = ncpus;
inline int __bt_ncpus = ncpus;
inline int __bt__ncpu = ncpus;
inline int __bt__pagesize = 4096;
inline int __bt_mpid = has_symbol("init_pid_ns") ? ((struct pid_namespace *)kaddr("init_pid_ns"))->idr.idr_next - 1 : 0;
inline uint64_t __bt_lbolt = has_symbol("jiffies") ? *(unsigned long *)kaddr("jiffies") : timestamp / 10000000;
inline uint64_t __bt_freemem = has_symbol("vm_zone_stat") ? *(unsigned long *)kaddr("vm_zone_stat") : 0;

/* proc */

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
inline uintptr_t __signal_handle_args1 = (uintptr_t)args[1];
inline uintptr_t __signal_handle_args2 = (uintptr_t)((struct k_sigaction *)args[2])->sa.sa_handler;
inline int __signal_handle_when = (uintptr_t)((struct k_sigaction *)args[2])->sa.sa_handler > 1;

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

/* sched */

inline int __on_cpu_when = args[0];
inline lwpsinfo_t *__off_cpu_args0 = xlate <lwpsinfo_t *>((struct task_struct *)args[2]);
inline psinfo_t *__off_cpu_args1 = xlate <psinfo_t *>((struct task_struct *)args[2]);
inline uintptr_t __off_cpu_arg0 = args[2];
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
inline lwpsinfo_t *__change_pri_args0 = xlate <lwpsinfo_t *>((struct task_struct *)args[0]);
inline psinfo_t *__change_pri_args1 = xlate <psinfo_t *>((struct task_struct *)args[0]);
inline int __change_pri_args2 = ((struct task_struct *)args[1]) ? ((struct task_struct *)args[1])->prio : 0;

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
	has_member(struct block_device, "bd_dev") ? (R->part ? R->part->bd_dev : __disk[R]->part0->bd_dev) :
	(__disk[R]->major << 20 | __disk[R]->first_minor);

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

translator fileinfo_t < struct request *R > {
	fi_name = "<none>";
	fi_dirname = "<none>";
	fi_pathname = "<none>";
	fi_offset = R->__sector << 9;
	fi_fs = "<none>";
	fi_mount = "<none>";
	fi_oflags = 0;
};

inline bufinfo_t *__io_args0 = xlate <bufinfo_t *>((struct request *)args[0]);
inline devinfo_t *__io_args1 = xlate <devinfo_t *>((struct request *)args[0]);
inline fileinfo_t *__io_args2 = xlate <fileinfo_t *>((struct request *)args[0]);
inline uintptr_t __io_arg0 = (uintptr_t)args[0];

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

/* when this thread began to wait for a lock */
rawtp:::contention_begin
{
	self->__waits_since = timestamp;
}

inline uintptr_t __lock_arg0 = (uintptr_t)args[0];
inline int64_t __lock_arg1 = self->__waits_since ? timestamp - self->__waits_since : 0;

/* system calls by the names that they had: the path or so that Linux has second is first */

inline int64_t __at_arg0 = arg1;
inline int64_t __at_arg1 = arg2;
inline int64_t __at_arg2 = arg3;
inline int64_t __at_arg3 = arg4;
inline int64_t __at_arg4 = arg5;
