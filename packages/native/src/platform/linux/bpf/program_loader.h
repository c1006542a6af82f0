// The programs of tasks.bpf.c in the kernel.
#pragma once

#include "core/failure.h"
#include "platform/linux/bpf/record.h"
#include "platform/linux/proc_root.h"

namespace psutil {

// The smaller one is loaded sooner, and brings all but what TaskUsage has.
enum class Program { kTasks, kUsage };

// A program of one reader. Its memory is this reader's alone, so that no two share one.
class TaskProgram {
 public:
  explicit TaskProgram(Program which) : which_(which) {}
  ~TaskProgram() { unload(); }
  TaskProgram(const TaskProgram&) = delete;
  TaskProgram& operator=(const TaskProgram&) = delete;

  // Loads it at the first call. What lasts is remembered; all else, such as a lack of memory, descriptors or privileges,
  // is tried again.
  Failure load();

  // Closes what load() opened.
  void unload();

  bool is_loaded() const { return link_ >= 0; }

  // Begins to run it over every task; the descriptor that is read then, below 0 where that failed.
  int start();

  // Says what is wanted of the processes from one on.
  Failure want(unsigned wants, int from);

 private:
  Failure load_anew();

  const Program which_;
  Failure refused_;
  int memory_ = -1;
  int program_ = -1;
  int link_ = -1;
  // Each program takes as much of it as its memory has. Behind what is said, all is zero at first.
  UsageMemory said_ = {};
};

}  // namespace psutil
