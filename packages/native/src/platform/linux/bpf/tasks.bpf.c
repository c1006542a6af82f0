// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
// A BPF iterator over tasks: the kernel runs it for each, and it writes a record for each process. It reads
// and never writes kernel memory. generate.mjs compiles it twice, without usage.bpf.h and with it; nothing of this file is
// needed at run time.
//
// Pointers are followed as they are: the verifier knows their types, a bad address reads as zero, and the
// iterator runs under RCU with a reference on the task, so that what a living task points to stays.
// https://docs.kernel.org/bpf/bpf_iterators.html
#include "record.h"

#include "kernel.bpf.h"

// enum pid_type
enum { kProcess = 1, kProcessGroup = 2, kSession = 3 };
// PF_WQ_WORKER and PF_KTHREAD, include/linux/sched.h
enum { kWorkqueueWorker = 0x00000020, kKernelThread = 0x00200000 };
enum { kNumberSize = 16 };  // of a struct upid
enum { kIgnore = 1 };        // SIG_IGN; 0 is SIG_DFL

#ifdef WITH_USAGE
volatile struct UsageMemory whole;
#else
volatile struct SmallMemory whole;
#endif
#define memory whole.tasks

// The PID namespace whose numbers are written: the reader's.
struct reader {
  u32 level;
  struct pid_namespace* ns;
};

// Where a PID stands in a namespace below the first is known only when it runs, and the verifier follows no
// pointer to such a place: a helper reads there. In the first one, it is a plain load.
INLINE struct pid_namespace* namespace_at(struct pid* pid, u32 level) {
  struct pid_namespace* ns = 0;
  probe_read_kernel(&ns, sizeof ns, (const void*)&pid->numbers[0].ns + (u64)level * kNumberSize);
  return ns;
}

INLINE int number_at(struct pid* pid, u32 level) {
  int number = 0;
  probe_read_kernel(&number, sizeof number, (const void*)&pid->numbers[0].nr + (u64)level * kNumberSize);
  return number;
}

// 0 where the reader's namespace has no number for it, as in /proc.
INLINE int number_for(const struct reader* reader, struct pid* pid) {
  if (!pid) return 0;
  if (reader->level == 0) return pid->numbers[0].nr;
  if (pid->level < reader->level || namespace_at(pid, reader->level) != reader->ns) return 0;
  return number_at(pid, reader->level);
}

INLINE void put_credentials(const struct cred* cred, u32 wants) {
  if (!cred) return;
  if (wants & kWantsIds) {
    memory.record.uids[0] = cred->uid.val;
    memory.record.uids[1] = cred->euid.val;
    memory.record.uids[2] = cred->suid.val;
    memory.record.gids[0] = cred->gid.val;
    memory.record.gids[1] = cred->egid.val;
    memory.record.gids[2] = cred->sgid.val;
  }
  struct group_info* groups = cred->group_info;
  if ((wants & kWantsGroups) == 0 || !groups) return;
  const u32 count = groups->ngroups;
  memory.record.group_count = count;
  if (count == 0 || count > kTaskGroups) return;
  probe_read_kernel((void*)whole.groups, count * sizeof(u32), groups->gid);
}

INLINE void put_signals(struct task_struct* task, struct signal_struct* signal) {
  struct sighand_struct* handlers = task->sighand;
  if (!handlers) return;
  memory.record.pending = task->pending.signal.sig[0];
  memory.record.process_pending = signal->shared_pending.signal.sig[0];
  memory.record.blocked = task->blocked.sig[0];
  // Two of the handlers are looked up, not all sixty-four: the rest follow at the same distance.
  const u64 first = OFFSET(handlers->action[0].sa.sa_handler);
  const u64 size = OFFSET(handlers->action[1].sa.sa_handler) - first;
  const void* at = (const void*)handlers + first;
  u64 ignored = 0;
  u64 caught = 0;
  UNROLL for (int i = 0; i < 64; i++, at += size) {
    const u64 handler = *(const u64*)at;
    if (handler == kIgnore) {
      ignored |= 1ull << i;
    } else if (handler != 0) {
      caught |= 1ull << i;
    }
  }
  memory.record.ignored = ignored;
  memory.record.caught = caught;
}

INLINE void put_limits(struct signal_struct* signal) {
  const u64* at = (const u64*)&signal->rlim[0].rlim_cur;
  UNROLL for (int i = 0; i < kTaskLimits; i++) {
    whole.limits[i].soft = at[2 * i];
    whole.limits[i].hard = at[2 * i + 1];
  }
}

#ifdef WITH_USAGE
#include "usage.bpf.h"
#endif

INLINE void put_name(struct task_struct* task) {
#ifdef WITH_USAGE
  volatile u64* name = (volatile u64*)memory.record.name;
  name[0] = load(task->comm);
  name[1] = load(task->comm + sizeof(u64));
#else
  probe_read_kernel((void*)memory.record.name, kTaskName, task->comm);
#endif
}

SECTION("iter/task") int tasks(struct bpf_iter__task* context) {
  struct task_struct* task = context->task;
  if (!task) return 0;
  struct pid* pid = task->thread_pid;
  struct signal_struct* signal = task->signal;
  const struct cred* cred = task->real_cred;
  // Without a PID its parent has waited for it: it is gone, but for its memory.
  if (!pid || !signal || !cred) return 0;
  // A thread. Its numbers would say so too, but the kernel has just looked here.
  if (!pid->tasks[kProcess].first) return 0;
  const u32 wants = memory.wants;

  struct pid* own = current_task()->thread_pid;
  if (!own) return 0;
  struct reader reader = {.level = own->level};
  if (reader.level > 0) reader.ns = namespace_at(own, reader.level);
  const int number = number_for(&reader, pid);
  if (number == 0 || number < memory.from) return 0;
  memory.record.pid = number;
#ifdef WITH_USAGE
  prefetch(task);
#endif

  if (wants & kWantsParent) {
    struct task_struct* parent = task->real_parent;
    memory.record.ppid = 0;
    if (parent && reader.level == 0) memory.record.ppid = parent->tgid;
    if (parent && reader.level > 0) {
      // The parent may be a thread; the number is its process's.
      struct signal_struct* of_parent = parent->signal;
      if (of_parent) memory.record.ppid = number_for(&reader, of_parent->pids[kProcess]);
    }
  }
  if (wants & kWantsGroupAndSession) {
    memory.record.pgid = number_for(&reader, signal->pids[kProcessGroup]);
    memory.record.sid = number_for(&reader, signal->pids[kSession]);
  }
  if (wants & kWantsUmask) {
    struct fs_struct* fs = task->fs;
    memory.record.umask = fs ? fs->umask : kTaskHasNoUmask;
  }
  memory.record.threads = signal->nr_threads;
  memory.record.state = task->__state;
  memory.record.exit_state = task->exit_state;
  const u32 flags = task->flags;
  memory.record.flags = 0;
  if (flags & kKernelThread) memory.record.flags |= kTaskIsKernelThread;
  if (flags & kWorkqueueWorker) memory.record.flags |= kTaskIsWorker;
  if (wants & kWantsStart) memory.record.start = task->start_boottime;
  if (wants & kWantsName) put_name(task);
  memory.record.group_count = 0;
  if (wants & (kWantsIds | kWantsGroups)) put_credentials(cred, wants);
  if (wants & kWantsSignals) put_signals(task, signal);

  u32 held = memory.record.group_count;
  if (held > kTaskGroups) held = 0;
  // Rounded up, so that the longs behind them are aligned.
  const u32 group_bytes = (held * sizeof(u32) + 7) & ~7u;
  const u32 limit_bytes = wants & kWantsLimits ? sizeof whole.limits : 0;
  void* seq = context->meta->seq;
#ifdef WITH_USAGE
  const u32 usage_bytes = memory.usage_bytes;
  if (usage_bytes > sizeof whole.usage) return 0;
  memory.record.length = sizeof memory.record + usage_bytes + group_bytes + limit_bytes;
  if (wants & kWantsUsage) put_usage(task, wants);
  if (seq_write(seq, (void*)&memory.record, sizeof memory.record + usage_bytes) != 0) return 0;
  if (group_bytes > 0 && seq_write(seq, (void*)whole.groups, group_bytes) != 0) return 0;
#else
  memory.record.length = sizeof memory.record + group_bytes + limit_bytes;
  if (seq_write(seq, (void*)&memory.record, sizeof memory.record + group_bytes) != 0) return 0;
#endif
  if (wants & kWantsLimits) {
    put_limits(signal);
    seq_write(seq, (void*)whole.limits, sizeof whole.limits);
  }
  return 0;
}

_Static_assert(kTaskName == 2 * sizeof(u64) && __builtin_offsetof(struct TaskMemory, record.name) % sizeof(u64) == 0, "a name is two words");
_Static_assert(sizeof(struct TaskRecord) % 8 == 0 && sizeof(struct TaskUsage) % 8 == 0, "what stands behind them is aligned");
#ifdef WITH_USAGE
_Static_assert(__builtin_offsetof(struct UsageMemory, usage) == sizeof(struct TaskMemory), "the usage stands behind the record");
#else
_Static_assert(__builtin_offsetof(struct SmallMemory, groups) == sizeof(struct TaskMemory), "the groups stand behind the record");
#endif

char licence[] SECTION("license") = "Dual BSD/GPL";
