// What a process has used, how it is scheduled and what it may do: the part of tasks.bpf.c that only the larger program has.
#pragma once

#define STEP static __attribute__((noinline)) long
// What stands before it in the program is read before it. A pointer that is still the same afterwards has pointed to memory of
// this process: others may have let go of it meanwhile.
#define BARRIER __asm__ volatile("" ::: "memory")

enum { kFilePages = 0, kAnonymousPages = 1, kSharedPages = 3 };  // of rss_stat: two of them in 8 bytes
enum { kDefaultPriority = 120 };                                 // of a nice value of 0
enum { kPercpuArray = 6 };                                       // BPF_MAP_TYPE_PERCPU_ARRAY

static struct task_struct* const kTask = 0;

#include "load.bpf.h"
#include "prefetch.bpf.h"

// Its memory stands, for each processor, as far from the pointer that the kernel has to it as all else that it allocates for
// each processor. So it shows these distances, which no program may ask for.
struct {
  int (*type)[kPercpuArray];
  u32* key;
  u64* value;
  int (*max_entries)[1];
} processors SECTION(".maps");

STEP find_processor(u32 processor, void* context) {
  const u32 first = 0;
  // Written to memory and read again, a pointer is a number.
  const u64 base = whole.node;
  whole.pointer = (u64)element_of_processor(&processors, &first, processor);
  const u64 element = whole.pointer;
  if (element == 0) return 1;
  whole.processors = processor + 1;
  if (processor >= kTaskProcessors) return 1;
  whole.distances[processor] = element - base;
  return 0;
}

INLINE void find_processors(void) {
  whole.pointer = (u64)&processors;
  whole.node = load((const void*)whole.pointer + OFFSET(((struct bpf_array*)0)->pptrs));
  loop(kTaskProcessors + 1, find_processor, 0, 0);
  whole.pointer = 0;
}

// Since Linux 6.6, which brought this member too, the counters of a process are beside each other: the pointer to the first is
// enough, and one read for each processor.
#define ALLOCATED_TOGETHER EXISTS(kTask->se.deadline)

INLINE void add_resident_of(u32 processor) {
  const u64 distance = whole.distances[processor & (kTaskProcessors - 1)];
  if (ALLOCATED_TOGETHER) {
    const void* counters = (const void*)(whole.counters[0] + distance);
    const u64 first = load(counters);
    whole.usage.resident[0] += (s32)first;
    whole.usage.resident[1] += (s32)(first >> 32);
    whole.usage.resident[2] += (s32)(load(counters + 8) >> 32);
    return;
  }
  UNROLL for (int i = 0; i < 3; i++) whole.usage.resident[i] += (s32)load((const void*)(whole.counters[i] + distance));
}

// The first two need no loop, whose steps are calls.
STEP add_resident(u32 index, void* context) {
  add_resident_of(index + 2);
  return 0;
}

// No function: the kernel's offsets take the place of constants alone.
#define PUT_COUNTER(place, kind)                                                                     \
  do {                                                                                               \
    whole.usage.resident[place] = mm->rss_stat[kind].count;                                          \
    if (place == 0 || !ALLOCATED_TOGETHER) whole.counters[place] = (u64)mm->rss_stat[kind].counters; \
  } while (0)

// False where this program cannot.
INLINE int put_resident(struct mm_struct* mm) {
  struct mm_struct___shared* before = (void*)mm;
  if (EXISTS(mm->rss_stat[0].counters)) {
    if (whole.processors == 0) find_processors();
    const u32 count = whole.processors;
    if (count == 0 || count > kTaskProcessors) return 0;
    PUT_COUNTER(0, kFilePages);
    PUT_COUNTER(1, kAnonymousPages);
    PUT_COUNTER(2, kSharedPages);
    add_resident_of(0);
    if (count > 1) add_resident_of(1);
    if (count > 2) loop(count - 2, add_resident, 0, 0);
    return 1;
  }
  if (!EXISTS(before->rss_stat.count)) return 0;
  // No plain loads: the verifier of Linux 6.1 follows no member of an atomic type.
  whole.usage.resident[0] = load(&before->rss_stat.count[kFilePages]);
  whole.usage.resident[1] = load(&before->rss_stat.count[kAnonymousPages]);
  whole.usage.resident[2] = load(&before->rss_stat.count[kSharedPages]);
  return 1;
}

INLINE void put_memory(struct task_struct* task) {
  struct mm_struct* mm = task->flags & kKernelThread ? 0 : task->mm;
  if (!mm) {
    // A kernel thread has none, and a process that has ended no longer.
    whole.usage.total_pages = whole.usage.data_pages = whole.usage.stack_pages = 0;
    whole.usage.code_begin = whole.usage.code_end = 0;
    UNROLL for (int i = 0; i < 3; i++) whole.usage.resident[i] = 0;
    whole.usage.has |= kWantsMemory;
    return;
  }
  whole.usage.total_pages = mm->total_vm;
  whole.usage.data_pages = mm->data_vm;
  whole.usage.stack_pages = mm->stack_vm;
  whole.usage.code_begin = mm->start_code;
  whole.usage.code_end = mm->end_code;
  if (!put_resident(mm)) {
    whole.usage.lacks |= kWantsMemory;
    return;
  }
  BARRIER;
  if (task->mm == mm) whole.usage.has |= kWantsMemory;
}

INLINE int has_io(void) {
  return EXISTS(kTask->ioac.rchar) && EXISTS(kTask->ioac.syscw) && EXISTS(kTask->ioac.cancelled_write_bytes);
}

// From the kernel's order to that of Field::io.
INLINE void add_io(const void* accounting) {
  u64 chars[7];
  UNROLL for (int i = 0; i < 7; i++) chars[i] = load(accounting + i * sizeof(u64));
  whole.usage.io[0] += chars[4];
  whole.usage.io[1] += chars[5];
  whole.usage.io[2] += chars[0];
  whole.usage.io[3] += chars[1];
  whole.usage.io[4] += chars[2];
  whole.usage.io[5] += chars[3];
  whole.usage.io[6] += chars[6];
}

STEP add_thread(u32 index, void* context) {
  const u64 node = whole.node;
  if (node == whole.head || node == 0) return 1;
  if (node != whole.own) {
    const void* thread = (const void*)(node - OFFSET(kTask->thread_node));
    whole.usage.user += load(thread + OFFSET(kTask->utime));
    whole.usage.system += load(thread + OFFSET(kTask->stime));
    whole.usage.runtime += load(thread + OFFSET(kTask->se.sum_exec_runtime));
    if (memory.wants & kWantsFaults) {
      whole.usage.minor_faults += load(thread + OFFSET(kTask->min_flt));
      whole.usage.major_faults += load(thread + OFFSET(kTask->maj_flt));
    }
    if (EXISTS(kTask->vtime.state) && (u32)load(thread + OFFSET(kTask->vtime.state)) > VTIME_IDLE) whole.moves = 1;
    if ((memory.wants & kWantsIo) && has_io()) add_io(thread + OFFSET(kTask->ioac));
  }
  whole.node = load((const void*)node);
  return 0;
}

// The main thread, of which the verifier knows the type: a load takes a tenth of a helper's time, and most processes have no
// other thread.
INLINE void add_main_thread(struct task_struct* task, u32 wants) {
  whole.usage.user += task->utime;
  whole.usage.system += task->stime;
  whole.usage.runtime += task->se.sum_exec_runtime;
  if (EXISTS(task->vtime.state) && task->vtime.state > VTIME_IDLE) whole.moves = 1;
  if ((wants & kWantsIo) && has_io()) add_io(&task->ioac);
}

INLINE u32 changes_of(struct signal_struct* signal) {
  BARRIER;
  const u32 changes = signal->stats_lock.seqcount.seqcount.sequence;
  BARRIER;
  return changes;
}

// The kernel adds a thread that ends to the sums of its process, and counts how often: twice for each, so that an odd number
// says that it is about to. https://docs.kernel.org/locking/seqlock.html
INLINE void put_threads(struct task_struct* task, struct signal_struct* signal, u32 wants) {
  const u32 changes = changes_of(signal);
  whole.usage.user = signal->utime;
  whole.usage.system = signal->stime;
  // Of threads that have ended: none where the kernel has counted none. It stands apart from the other sums.
  whole.usage.runtime = changes == 0 ? 0 : signal->sum_sched_runtime;
  whole.usage.children_user = signal->cutime;
  whole.usage.children_system = signal->cstime;
  if (wants & kWantsFaults) {
    whole.usage.minor_faults = signal->min_flt + task->min_flt;
    whole.usage.major_faults = signal->maj_flt + task->maj_flt;
    whole.usage.children_minor_faults = signal->cmin_flt;
    whole.usage.children_major_faults = signal->cmaj_flt;
  }
  if (EXISTS(signal->prev_cputime.utime)) {
    whole.usage.last_user = signal->prev_cputime.utime;
    whole.usage.last_system = signal->prev_cputime.stime;
  }
  if ((wants & kWantsIo) && has_io()) {
    UNROLL for (int i = 0; i < 7; i++) whole.usage.io[i] = 0;
    add_io(&signal->ioac);
  }
  whole.moves = 0;
  add_main_thread(task, wants);
  whole.head = whole.node = (u64)&signal->thread_head;
  // The list of one thread has no other.
  if (signal->nr_threads != 1) {
    whole.own = (u64)&task->thread_node;
    whole.node = (u64)signal->thread_head.next;
    if (whole.node == whole.own) whole.node = (u64)task->thread_node.next;
    if (whole.node != whole.head) loop(kTaskThreads, add_thread, 0, 0);
  }
  const int is_whole = whole.node == whole.head && whole.moves == 0 && (changes & 1) == 0 && changes_of(signal) == changes;
  // Without it this kernel accounts for time in another way than is done here.
  if (!EXISTS(signal->prev_cputime.utime)) whole.usage.lacks |= kWantsThreads;
  else if (is_whole) whole.usage.has |= kWantsThreads;
  if (!has_io()) whole.usage.lacks |= wants & kWantsIo;
  else if (is_whole) whole.usage.has |= wants & kWantsIo;
  whole.usage.block_delay = 0;
  if (EXISTS(task->delays)) {
    struct task_delay_info* delays = task->delays;
    if (delays) whole.usage.block_delay = delays->blkio_delay;
  }
}

// new_encode_dev() in include/linux/kdev_t.h
INLINE u32 encoded(u32 major, u32 minor) { return (minor & 0xff) | major << 8 | (minor & ~0xffu) << 12; }

INLINE void put_terminal(struct signal_struct* signal) {
  struct tty_struct* terminal = signal->tty;
  whole.usage.terminal = 0;
  if (terminal) {
    struct tty_driver* driver = terminal->driver;
    if (!driver) return;
    whole.usage.terminal = encoded(driver->major, driver->minor_start + terminal->index);
  }
  BARRIER;
  if (signal->tty == terminal) whole.usage.has |= kWantsTerminal;
}

INLINE void put_namespaces(struct task_struct* task) {
  struct nsproxy* proxy = task->nsproxy;
  struct pid* pid = task->thread_pid;
  const struct cred* cred = task->real_cred;
  if (!proxy || !pid || !cred) return;
  u32 in_pid = 0;
  if (pid->level == 0) {
    in_pid = pid->numbers[0].ns->ns.inum;
  } else {
    in_pid = (u32)load((const void*)namespace_at(pid, pid->level) + OFFSET(((struct pid_namespace*)0)->ns.inum));
  }
  whole.usage.namespaces[0] = proxy->cgroup_ns->ns.inum;
  whole.usage.namespaces[1] = proxy->ipc_ns->ns.inum;
  whole.usage.namespaces[2] = proxy->mnt_ns->ns.inum;
  whole.usage.namespaces[3] = proxy->net_ns->ns.inum;
  whole.usage.namespaces[4] = in_pid;
  whole.usage.namespaces[5] = proxy->time_ns->ns.inum;
  whole.usage.namespaces[6] = cred->user_ns->ns.inum;
  whole.usage.namespaces[7] = proxy->uts_ns->ns.inum;
  BARRIER;
  if (task->nsproxy == proxy) whole.usage.has |= kWantsNamespaces;
}

INLINE void put_capabilities(struct task_struct* task) {
  const struct cred* cred = task->real_cred;
  if (!cred) return;
  whole.usage.capabilities[0] = load(&cred->cap_effective);
  whole.usage.capabilities[1] = load(&cred->cap_permitted);
  whole.usage.capabilities[2] = load(&cred->cap_inheritable);
  whole.usage.capabilities[3] = load(&cred->cap_bset);
  whole.usage.capabilities[4] = load(&cred->cap_ambient);
  whole.usage.has |= kWantsCapabilities;
}

INLINE void put_scheduling(struct task_struct* task) {
  if (!EXISTS(task->thread_info.cpu)) {
    whole.usage.lacks |= kWantsScheduling;
    return;
  }
  whole.usage.nice = task->static_prio - kDefaultPriority;
  whole.usage.policy = task->policy;
  whole.usage.priority = task->rt_priority;
  whole.usage.processor = (int)task->thread_info.cpu;
  whole.usage.has |= kWantsScheduling;
}

INLINE void put_seccomp(struct task_struct* task) {
  if (!EXISTS(task->seccomp.mode)) {
    whole.usage.lacks |= kWantsSeccomp;
    return;
  }
  whole.usage.seccomp = (u32)task->seccomp.mode;
  whole.usage.no_new_privs = task->atomic_flags & 1;  // PFA_NO_NEW_PRIVS
  whole.usage.has |= kWantsSeccomp;
}

INLINE void put_usage(struct task_struct* task, u32 wants) {
  whole.usage.has = 0;
  whole.usage.lacks = 0;
  struct signal_struct* signal = task->signal;
  if (!signal) return;
  if (wants & (kWantsThreads | kWantsIo)) put_threads(task, signal, wants);
  if (wants & kWantsMemory) put_memory(task);
  if (wants & kWantsScheduling) put_scheduling(task);
  if (wants & kWantsTerminal) put_terminal(signal);
  if (wants & kWantsCapabilities) put_capabilities(task);
  if (wants & kWantsSeccomp) put_seccomp(task);
  if (wants & kWantsNamespaces) put_namespaces(task);
  if (wants & kWantsOomScoreAdj) whole.usage.oom_score_adj = signal->oom_score_adj;
  if (wants & kWantsSwitches) {
    whole.usage.switches[0] = task->nvcsw;
    whole.usage.switches[1] = task->nivcsw;
  }
  whole.usage.has |= wants & (kWantsOomScoreAdj | kWantsSwitches);
}
