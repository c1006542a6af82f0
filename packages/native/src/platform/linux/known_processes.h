// The processes that a sampler reads again. To list them takes a fifth of a reading, so they are not listed if it is known which
// numbers the kernel has given since the last reading: a process that is new has one of these. The kernel counts how many
// processes and threads it has begun, and gives numbers in order. If these two agree, no number was given out of this order, as
// by clone3() with set_tid, and none outside of this PID namespace.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/array.h"
#include "platform/linux/proc_root.h"

namespace psutil {

// Of all of the system.
struct ForkCounts {
  uint64_t forks;  // since boot, with those of threads
  uint32_t last;   // the number that was given last in this PID namespace
  size_t length;   // of the text, which is long where there are many processors
  bool is_known;
};

// Not known if these files are not the kernel's, as in a container that has lxcfs.
ForkCounts fork_counts(ProcRoot& root);

class KnownProcesses {
 public:
  // Fewer are listed faster than the counts are read.
  static constexpr size_t kFewest = 500;
  // The kernel takes the longer for the counts, the longer their text is: it has a line for each processor and interrupt.
  static constexpr size_t kBytesForEach = 16;
  // All are listed again after so many readings: one may have become visible, or its beginning may have taken that long.
  static constexpr int kLongest = 8;

  // Begins a reading of all. If they are not known then, the caller lists them.
  void begin(ProcRoot& root);
  void begin(const ForkCounts& counts);
  bool are_known() const { return are_known_; }

  // In the order of their numbers; false behind the last.
  bool next(int32_t& pid);
  // The number that is next; -1 behind the last.
  int64_t cursor() const;

  // Of this reading: a process that exists.
  void add(int32_t pid);
  void end(bool is_last) { is_ended_ = is_last; }

 private:
  // Those that have a number which was given before it was counted.
  static constexpr uint32_t kMargin = 64;

  const Array<int32_t>& pids() const { return lists_[now_]; }
  const Array<int32_t>& before() const { return lists_[1 - now_]; }
  bool find_new(const ForkCounts& counts);
  bool was_there(int32_t pid) const;
  bool are_many() const { return pids().size() >= kFewest && pids().size() >= length_ / kBytesForEach; }

  ForkCounts counts_ = {};
  size_t length_ = 0;
  Array<int32_t> lists_[2];
  Array<int32_t> new_;
  size_t now_ = 0;
  size_t at_ = 0;      // in before()
  size_t new_at_ = 0;  // in new_
  int readings_ = 0;   // since they were listed
  bool is_whole_ = false;
  bool is_ended_ = false;
  bool are_known_ = false;
};

}  // namespace psutil
