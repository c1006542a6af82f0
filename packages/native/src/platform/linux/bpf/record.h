// What the programs of tasks.bpf.c write for each process, and their settings. C and C++ both read
// this; the two sides change together, and generate.mjs reports when the compiled programs are older.
#pragma once

enum {
  kTaskGroups = 1024,  // a process in more of them is read through procfs
  kTaskLimits = 16,  // RLIM_NLIMITS
  kTaskName = 16,    // TASK_COMM_LEN
  kTaskHasNoUmask = -1,
  kTaskThreads = 1 << 17,    // a process of more is read through procfs
  kTaskProcessors = 1024,    // and so is the memory of all on a machine of more; a power of 2
};

// Fields that cost a read of memory that no other field needs: they are left out if they are not requested.
enum TaskWants {
  kWantsName = 1,
  kWantsParent = 2,
  kWantsIds = 4,
  kWantsGroups = 8,
  kWantsUmask = 16,
  kWantsSignals = 32,
  kWantsStart = 64,
  kWantsLimits = 128,
  // Parts of TaskUsage: the larger program alone has them.
  kWantsThreads = 256,  // what is a sum over the threads
  kWantsIo = 512,       // such a sum too
  kWantsMemory = 1024,
  kWantsSwitches = 2048,
  kWantsScheduling = 4096,
  kWantsTerminal = 8192,
  kWantsOomScoreAdj = 16384,
  kWantsCapabilities = 32768,
  kWantsSeccomp = 65536,
  kWantsNamespaces = 131072,
  kWantsUsage = 262144 - kWantsThreads,  // any of them
  // Members that the programs read only where they are wanted, of what is always written and of kWantsThreads.
  kWantsGroupAndSession = 262144,
  kWantsFaults = 524288,
};

enum TaskFlags {
  kTaskIsKernelThread = 1,
  kTaskIsWorker = 2,  // of a workqueue: its name says what it works on
};

struct TaskLimit {
  unsigned long long soft;
  unsigned long long hard;
};

// Behind it stand, where they are wanted, what it has used, the groups if they are not too many, and the limits. A record is as
// long as what it holds, rounded up to a multiple of 8.
struct TaskRecord {
  unsigned int length;  // of all of it
  int pid;
  int ppid;
  int pgid;
  int sid;
  int umask;
  int threads;
  unsigned int uids[3];  // real, effective, saved
  unsigned int gids[3];
  unsigned int state;
  unsigned int exit_state;
  unsigned int flags;      // TaskFlags
  unsigned long long start;  // nanoseconds since boot, as the reader's time namespace has it
  unsigned long long pending;
  unsigned long long process_pending;
  unsigned long long blocked;
  unsigned long long ignored;
  unsigned long long caught;
  char name[kTaskName];  // ends with a null byte
  unsigned int group_count;
  unsigned int spare;
};

// Numbers as the kernel has them: nanoseconds and pages. A part that was not wanted is what it was in the record before. A record
// ends before `io` where nothing behind it is wanted: those of samples of processor time and memory are half as long.
struct TaskUsage {
  unsigned int has;    // the parts that are here, by their bits in TaskWants
  unsigned int lacks;  // those of the wanted parts that no process has on this kernel
  // Sums over the threads, those included that have ended.
  unsigned long long user;
  unsigned long long system;
  unsigned long long runtime;
  unsigned long long minor_faults;
  unsigned long long major_faults;
  // What /proc/PID/stat showed last of user and system.
  unsigned long long last_user;
  unsigned long long last_system;
  unsigned long long children_user;
  unsigned long long children_system;
  unsigned long long children_minor_faults;
  unsigned long long children_major_faults;
  unsigned long long block_delay;
  unsigned long long total_pages;
  unsigned long long data_pages;
  unsigned long long stack_pages;
  unsigned long long code_begin;
  unsigned long long code_end;
  long long resident[3];     // pages of files, anonymous ones, and shared memory
  unsigned long long io[7];  // a sum too, as Field::io has them
  unsigned long long switches[2];      // of the main thread: voluntary, involuntary
  unsigned long long capabilities[5];  // as Field::capabilities has them
  int nice;
  unsigned int policy;
  unsigned int priority;
  int processor;
  int oom_score_adj;
  unsigned int terminal;  // as in /proc/PID/stat; 0 is none
  unsigned int seccomp;
  unsigned int no_new_privs;
  unsigned int namespaces[8];  // as Field::namespaces has them; 0 is none
};

// What both programs begin their memory with. A reader loads a program of its own, so no other thread writes here.
struct TaskMemory {
  unsigned int wants;  // TaskWants, set before a scan
  int from;            // the least PID of which a record is written
  unsigned int usage_bytes;  // how many of a TaskUsage a record has; chosen outside, for each condition is more to verify
  unsigned int spare;
  struct TaskRecord record;
};

// The memory of the smaller program. What is written at once stands in one piece, in both.
struct SmallMemory {
  struct TaskMemory tasks;
  unsigned int groups[kTaskGroups];
  struct TaskLimit limits[kTaskLimits];
};

// And that of the larger one.
struct UsageMemory {
  struct TaskMemory tasks;
  struct TaskUsage usage;
  unsigned int groups[kTaskGroups];
  struct TaskLimit limits[kTaskLimits];
  unsigned int processors;  // 0 where the distances are not yet known
  unsigned int moves;       // a sum is of threads that run meanwhile
  // From a pointer to memory of each processor to that of one of them.
  unsigned long long distances[kTaskProcessors];
  // What a step of a loop works on.
  unsigned long long head;
  unsigned long long node;
  unsigned long long own;  // the node of the main thread
  unsigned long long counters[3];
  unsigned long long pointer;
};
