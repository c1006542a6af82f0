// The members of the kernel's own types that the program reads, and what it calls.
#pragma once

typedef unsigned int u32;
typedef int s32;
typedef unsigned long long u64;
typedef long long s64;

#define SECTION(name) __attribute__((section(name), used))
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

// Their numbers are the kernel's ABI: include/uapi/linux/bpf.h.
static long (*const probe_read_kernel)(void* to, u32 size, const void* from) = (void*)113;
static long (*const seq_write)(void* seq, const void* data, u32 size) = (void*)127;
static struct task_struct* (*const current_task)(void) = (void*)158;
static long (*const loop)(u32 times, long (*step)(u32 index, void* context), void* context, u64 flags) = (void*)181;
static void* (*const element_of_processor)(void* map, const void* key, u32 processor) = (void*)195;

// Of a member, asked of the kernel that runs: where it stands, and whether there is one of this name.
#define OFFSET(member) __builtin_preserve_field_info(member, 0)
#define EXISTS(member) __builtin_preserve_field_info(member, 2)

// The members that are read, and no other. The kernel itself puts the offsets of this machine in their place
// when the program is loaded; no order or size is promised here. It looks each structure up among all of its
// own, by name and for milliseconds, unless it has done so lately: the fewer, the sooner it is loaded.
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct list_head;
struct pid_namespace;

#ifdef WITH_USAGE
#include "usage_kernel.bpf.h"
#endif

typedef struct {
  unsigned long sig[1];
} sigset_t;

struct sigpending {
  sigset_t signal;
};

struct sigaction {
  void* sa_handler;
};

struct k_sigaction {
  struct sigaction sa;
};

struct sighand_struct {
  struct k_sigaction action[64];
};

struct rlimit {
  unsigned long rlim_cur;
  unsigned long rlim_max;
};

struct upid {
  int nr;
  struct pid_namespace* ns;
};

struct hlist_head {
  void* first;
};

struct pid {
  unsigned int level;
  struct hlist_head tasks[4];
  struct upid numbers[1];
};

struct signal_struct {
  int nr_threads;
  struct sigpending shared_pending;
  struct pid* pids[4];
  struct rlimit rlim[kTaskLimits];
#ifdef WITH_USAGE
  struct list_head thread_head;
  struct tty_struct* tty;
  seqlock_t stats_lock;
  u64 utime;
  u64 stime;
  u64 cutime;
  u64 cstime;
  struct prev_cputime prev_cputime;
  unsigned long min_flt;
  unsigned long maj_flt;
  unsigned long cmin_flt;
  unsigned long cmaj_flt;
  struct task_io_accounting ioac;
  u64 sum_sched_runtime;
  short oom_score_adj;
#endif
};

typedef struct {
  unsigned int val;
} kuid_t;

typedef struct {
  unsigned int val;
} kgid_t;

struct group_info {
  int ngroups;
  kgid_t gid[0];
};

struct cred {
  kuid_t uid;
  kgid_t gid;
  kuid_t suid;
  kgid_t sgid;
  kuid_t euid;
  kgid_t egid;
  struct group_info* group_info;
#ifdef WITH_USAGE
  kernel_cap_t cap_inheritable;
  kernel_cap_t cap_permitted;
  kernel_cap_t cap_effective;
  kernel_cap_t cap_bset;
  kernel_cap_t cap_ambient;
  struct user_namespace* user_ns;
#endif
};

struct fs_struct {
  int umask;
};

struct task_struct {
  int pid;
  int tgid;
  unsigned int flags;
  unsigned int __state;
  int exit_state;
  u64 start_boottime;
  struct task_struct* real_parent;
  struct pid* thread_pid;
  struct signal_struct* signal;
  struct sighand_struct* sighand;
  struct sigpending pending;
  sigset_t blocked;
  const struct cred* real_cred;
  struct fs_struct* fs;
  char comm[kTaskName];
#ifdef WITH_USAGE
  struct thread_info thread_info;
  int static_prio;
  unsigned int rt_priority;
  struct sched_entity se;
  unsigned int policy;
  struct mm_struct* mm;
  unsigned long atomic_flags;
  struct list_head tasks;
  struct list_head thread_node;
  u64 utime;
  u64 stime;
  struct vtime vtime;
  unsigned long nvcsw;
  unsigned long nivcsw;
  unsigned long min_flt;
  unsigned long maj_flt;
  struct nsproxy* nsproxy;
  struct seccomp seccomp;
  struct task_io_accounting ioac;
  struct task_delay_info* delays;
#endif
};

struct bpf_iter_meta {
  void* seq;
};

struct bpf_iter__task {
  struct bpf_iter_meta* meta;
  struct task_struct* task;
};
#pragma clang attribute pop
