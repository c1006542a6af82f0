// What a sampler keeps of a process that does not run. Its `stat` says the same as long as its processor time is the same, which
// the kernel returns as a number: a quarter of the time that it takes to write `stat`. What others change without it, its memory, is
// read anew from `statm`, which takes half. An open `statm` is bound to the process, as an open `stat` is. Where it may not stay open
// its inode shows whose it is: another process's file has another one.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/schema.h"

namespace psutil {

struct StatText;

// Only the process itself changes them, and only while it runs. Its state is not among them: a process is woken by others.
constexpr FieldSet kUnchangedAtRest = bit(Field::name) | bit(Field::cpuTimes) | bit(Field::startTime);

struct Rest {
  static constexpr size_t kTimes = 5;
  static constexpr size_t kLongestName = 15;

  // Of what was read after the processor time was this.
  void note(const StatText& stat, uint64_t processor_time);
  bool is_known() const { return processor_time > 0; }

  // Another process has the number, or the kernel has made the inode anew.
  void forget() { processor_time = inode = 0; }

  uint64_t processor_time;  // nanoseconds; 0 if nothing is known
  uint64_t inode;           // of its `statm`; 0 if it was not at rest
  uint64_t start;           // ticks
  uint64_t times[kTimes];   // ticks, in the order of Field::cpuTimes
  char name[kLongestName];
  uint8_t name_length;
  uint8_t runs;   // readings one behind the other between which it ran, while its `statm` was open
  bool is_quiet;  // its times in ticks were the same in the last two readings
};

// The kernel numbers the inodes of /proc one after the other, and keeps each as long as the process lives and memory suffices.
// 0 where it does not say.
uint64_t inode_of(int file);

// Nanoseconds for which the threads of a process have run in all, those that have ended too; 0 if that is not known.
uint64_t processor_time_of(int32_t pid);

}  // namespace psutil
