// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
// The kernel calls these where a process begins, executes another program, ends or is renamed, and they write a record of it
// into a ring buffer. They read and never write kernel memory. ../bpf/generate.mjs compiles this; nothing of the file is
// needed at run time.
//
// https://docs.kernel.org/bpf/ringbuf.html
#include "event_record.h"

typedef unsigned int u32;
typedef unsigned long long u64;

#define SECTION(name) __attribute__((section(name), used))
#define INLINE static inline __attribute__((always_inline))

// Their numbers are the kernel's ABI: include/uapi/linux/bpf.h.
static long (*const probe_read_kernel)(void* to, u32 size, const void* from) = (void*)113;
static long (*const probe_read_kernel_str)(void* to, u32 size, const void* from) = (void*)115;
static u64 (*const ktime_get_boot_ns)(void) = (void*)125;
static void* (*const ringbuf_reserve)(void* ring, u64 size, u64 flags) = (void*)131;
static void (*const ringbuf_submit)(void* data, u64 flags) = (void*)132;
static void (*const ringbuf_discard)(void* data, u64 flags) = (void*)133;

// The members that are read, and no other, as in ../bpf/tasks.bpf.c.
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct ns_common {
  unsigned int inum;
};

struct pid_namespace {
  struct ns_common ns;
};

struct upid {
  int nr;
  struct pid_namespace* ns;
};

struct pid {
  unsigned int level;
  struct upid numbers[1];
};

typedef struct {
  int counter;
} atomic_t;

struct signal_struct {
  atomic_t live;
  int nr_threads;
  int group_exit_code;
  unsigned int flags;
  struct pid* pids[4];
};

struct task_struct {
  int pid;
  int tgid;
  int exit_code;
  u64 start_boottime;
  struct task_struct* real_parent;
  struct task_struct* group_leader;
  struct signal_struct* signal;
  char comm[kEventName];
};

struct linux_binprm {
  const char* filename;
};
#pragma clang attribute pop

enum { kProcess = 1 };           // enum pid_type
enum { kNumberSize = 16 };       // of a struct upid
enum { kMaxLevel = 32 };         // MAX_PID_NS_LEVEL
enum { kGroupExit = 0x4 };       // SIGNAL_GROUP_EXIT, include/linux/sched/signal.h
#define FIRST_NAMESPACE 0xEFFFFFFC  // PROC_PID_INIT_INO, include/linux/proc_ns.h

volatile struct EventMemory memory;

struct {
  int (*type)[27];  // BPF_MAP_TYPE_RINGBUF
  int (*max_entries)[kEventRing];
} ring SECTION(".maps");

// The number in the reader's PID namespace; 0 of a process outside.
INLINE int number_of(struct pid* pid) {
  if (!pid) return 0;
  const u32 wanted = memory.pid_namespace;
  if (wanted == FIRST_NAMESPACE) return pid->numbers[0].nr;
  const u32 level = pid->level;
  // Where a number stands is known only when this runs, and the verifier follows no pointer to such a place: a helper does.
  for (u32 i = 1; i <= kMaxLevel; i++) {
    if (i > level) break;
    const void* at = (const void*)&pid->numbers[0] + (u64)i * kNumberSize;
    struct upid number = {};
    u32 inode = 0;
    probe_read_kernel(&number, sizeof number, at);
    probe_read_kernel(&inode, sizeof inode, &number.ns->ns.inum);
    if (inode == wanted) return number.nr;
  }
  return 0;
}

INLINE int number_of_process(struct task_struct* task) {
  struct signal_struct* signal = task->signal;
  return signal ? number_of(signal->pids[kProcess]) : 0;
}

INLINE void count_lost(void) { __sync_fetch_and_add(&memory.lost, 1); }

INLINE void put(struct EventRecord* record, u32 kind, int pid, int value, struct task_struct* process) {
  record->kind = kind;
  record->pid = pid;
  record->value = value;
  record->lost = memory.lost;
  record->time = ktime_get_boot_ns();
  record->start = process->start_boottime;
}

INLINE int report(u32 kind, int pid, int value, struct task_struct* process, const void* name) {
  struct EventRecord* record = ringbuf_reserve(&ring, sizeof *record, 0);
  if (!record) {
    count_lost();
    return 0;
  }
  put(record, kind, pid, value, process);
  probe_read_kernel_str(record->name, sizeof record->name, name);
  ringbuf_submit(record, 0);
  return 0;
}

// Arguments: the parent, which made the call, and the child, which has not run yet.
SECTION("tp_btf/sched_process_fork") int on_fork(u64* context) {
  struct task_struct* child = (struct task_struct*)context[1];
  if (child->pid != child->tgid) return 0;
  const int pid = number_of_process(child);
  if (pid == 0) return 0;
  // Not the caller: with CLONE_PARENT the new process is its sibling.
  struct task_struct* parent = child->real_parent;
  return report(kEventFork, pid, parent ? number_of_process(parent) : 0, child, child->comm);
}

// Arguments: the process, the number of the thread that made the call, which is the process's own by now, and the program.
SECTION("tp_btf/sched_process_exec") int on_exec(u64* context) {
  struct task_struct* task = (struct task_struct*)context[0];
  struct linux_binprm* program = (struct linux_binprm*)context[2];
  const int pid = number_of_process(task);
  if (pid == 0) return 0;
  struct ExecRecord* record = ringbuf_reserve(&ring, sizeof *record, 0);
  if (!record) {
    count_lost();
    return 0;
  }
  if (probe_read_kernel_str(record->path, sizeof record->path, program->filename) < (long)sizeof record->path) {
    put(&record->event, kEventExec, pid, 0, task);
    probe_read_kernel_str(record->event.name, sizeof record->event.name, task->comm);
    ringbuf_submit(record, 0);
    return 0;
  }
  ringbuf_discard(record, 0);
  struct LongExecRecord* longer = ringbuf_reserve(&ring, sizeof *longer, 0);
  if (!longer) {
    count_lost();
    return 0;
  }
  put(&longer->event, kEventExec, pid, 0, task);
  probe_read_kernel_str(longer->event.name, sizeof longer->event.name, task->comm);
  probe_read_kernel_str(longer->path, sizeof longer->path, program->filename);
  ringbuf_submit(longer, 0);
  return 0;
}

// The argument is a thread, which no longer counts among those that live. Since Linux 6.16 a second one says whether it is the
// last.
SECTION("tp_btf/sched_process_exit") int on_exit(u64* context) {
  struct task_struct* task = (struct task_struct*)context[0];
  struct signal_struct* signal = task->signal;
  struct task_struct* leader = task->group_leader;
  if (!signal || !leader || signal->live.counter != 0) return 0;
  const int pid = number_of(signal->pids[kProcess]);
  if (pid == 0) return 0;
  // Two threads that end at the same moment may both see that none lives: only the first is taken for the process.
  if (signal->nr_threads > 1) {
    const u64 start = leader->start_boottime;
    if (__sync_lock_test_and_set(&memory.ended[(u32)leader->tgid % kEventSlots], start) == start) return 0;
  }
  const int status = signal->flags & kGroupExit ? signal->group_exit_code : leader->exit_code;
  return report(kEventExit, pid, status, leader, leader->comm);
}

// Arguments: the thread, and its new name. It is called for every exec too.
SECTION("tp_btf/task_rename") int on_rename(u64* context) {
  if (memory.renames == 0) return 0;
  struct task_struct* task = (struct task_struct*)context[0];
  if (task->pid != task->tgid) return 0;
  const int pid = number_of_process(task);
  if (pid == 0) return 0;
  return report(kEventRename, pid, 0, task, (const void*)context[1]);
}

char licence[] SECTION("license") = "Dual BSD/GPL";
