// Types of the kernel of which only the larger program reads members. kernel.bpf.h includes it among its own.
#pragma once

struct list_head {
  struct list_head* next;
};

struct ns_common {
  unsigned int inum;
};

struct uts_namespace {
  struct ns_common ns;
};

struct ipc_namespace {
  struct ns_common ns;
};

struct mnt_namespace {
  struct ns_common ns;
};

struct net {
  struct ns_common ns;
};

struct time_namespace {
  struct ns_common ns;
};

struct cgroup_namespace {
  struct ns_common ns;
};

struct user_namespace {
  struct ns_common ns;
};

struct pid_namespace {
  struct ns_common ns;
};

struct nsproxy {
  struct uts_namespace* uts_ns;
  struct ipc_namespace* ipc_ns;
  struct mnt_namespace* mnt_ns;
  struct net* net_ns;
  struct time_namespace* time_ns;
  struct cgroup_namespace* cgroup_ns;
};

struct percpu_counter {
  s64 count;
  s32* counters;
};

struct mm_struct {
  unsigned long total_vm;
  unsigned long data_vm;
  unsigned long stack_vm;
  unsigned long start_code;
  unsigned long end_code;
  struct percpu_counter rss_stat[4];
};

// Before Linux 6.2.
struct mm_rss_stat {
  struct {
    s64 counter;
  } count[4];
};

struct mm_struct___shared {
  struct mm_rss_stat rss_stat;
};

struct tty_driver {
  int major;
  int minor_start;
};

struct tty_struct {
  int index;
  struct tty_driver* driver;
};

struct task_delay_info {
  u64 blkio_delay;
};

struct task_io_accounting {
  u64 rchar;
  u64 wchar;
  u64 syscr;
  u64 syscw;
  u64 read_bytes;
  u64 write_bytes;
  u64 cancelled_write_bytes;
};

struct prev_cputime {
  u64 utime;
  u64 stime;
};

typedef struct {
  struct {
    struct {
      unsigned int sequence;
    } seqcount;
  } seqcount;
} seqlock_t;

struct sched_entity {
  u64 deadline;
  u64 sum_exec_runtime;
};

enum vtime_state { VTIME_INACTIVE, VTIME_IDLE };

struct vtime {
  enum vtime_state state;
};

struct thread_info {
  u32 cpu;
};

struct seccomp {
  int mode;
};

// Two words of 32 bits before Linux 6.3, and then one: the same bytes.
typedef struct {
  u64 val;
} kernel_cap_t;

struct bpf_array {
  void* pptrs[0];
};
