// What the program in tasks.bpf.c writes for each process, and its settings. C and C++ both read
// this; the two sides change together, and generate.mjs reports when the compiled program is older.
#pragma once

enum {
  kTaskGroups = 1024,  // a process in more of them is read through procfs
  kTaskLimits = 16,  // RLIM_NLIMITS
  kTaskName = 16,    // TASK_COMM_LEN
  kTaskHasNoUmask = -1,
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
};

enum TaskFlags {
  kTaskIsKernelThread = 1,
  kTaskIsWorker = 2,  // of a workqueue: its name says what it works on
};

struct TaskLimit {
  unsigned long long soft;
  unsigned long long hard;
};

// Behind it stand the groups, where they are wanted and not too many, and then the limits, where they are wanted.
// A record is as long as what it holds, rounded up to a multiple of 8.
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

// The program's own memory. A reader loads a program of its own, so no other thread writes here.
struct TaskMemory {
  unsigned int wants;  // TaskWants, set before a scan
  int from;            // the least PID of which a record is written
  struct TaskRecord record;
  unsigned int groups[kTaskGroups];  // right behind the record: both are written at once
  struct TaskLimit limits[kTaskLimits];
};
