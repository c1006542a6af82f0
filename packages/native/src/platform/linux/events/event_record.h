// What the program in events.bpf.c writes into its ring buffer, and its settings. C and C++ both read this; generate.mjs
// reports when the compiled program is older.
#pragma once

enum {
  kEventName = 16,          // TASK_COMM_LEN
  kEventPath = 80,          // most paths are shorter
  kEventLongPath = 4096,    // PATH_MAX
  kEventRing = 2 << 20,     // bytes: nine thousand processes that are started, execute a program and end
  kEventSlots = 256,        // of processes with several threads that ended lately; they are in the addon as zeros
};

enum EventKind {
  kEventFork = 1,
  kEventExec = 2,
  kEventExit = 3,
  kEventRename = 5,
};

struct EventRecord {
  unsigned int kind;  // EventKind
  int pid;            // in the namespace of EventMemory
  int value;          // of a fork the parent, of an exit the status as wait(2) has it
  unsigned int lost;  // events that found no room in the ring buffer before this one, all together
  unsigned long long time;   // nanoseconds since boot
  unsigned long long start;  // of the process, likewise
  char name[kEventName];     // ends with a null byte
};

// The path as execve(2) was given it. One of the two is written, the second for paths that are too long for the first.
struct ExecRecord {
  struct EventRecord event;
  char path[kEventPath];
};

struct LongExecRecord {
  struct EventRecord event;
  char path[kEventLongPath];
};

// The program's own memory, which its reader maps.
struct EventMemory {
  unsigned int pid_namespace;  // its inode: processes outside it are not reported
  unsigned int renames;        // whether to report these too
  unsigned int lost;
  unsigned int spare;
  unsigned long long ended[kEventSlots];
};
