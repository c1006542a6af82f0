// The processes that a sampler reads again without a listing, which takes a seventh of a reading. The kernel counts the processes
// and threads that it has begun. While this count is what it was before the last listing, there is no other process than those that
// were listed. Which have begun cannot be found without a listing: a process need not have the next number (clone3() with set_tid).
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/array.h"
#include "platform/linux/proc_root.h"

namespace psutil {

// Of all of the system.
struct ProcessTotals {
  uint64_t forks;  // since boot, with those of threads
  uint64_t links;  // of the proc root: how many directories it has, with `.` and `..`; it has one for each process
  size_t length;   // of the text that has the forks, which is long where there are many processors
  bool is_known;
};

// Not known if the file is not the kernel's, as in a container that has lxcfs.
ProcessTotals process_totals(ProcRoot& root);

class KnownProcesses {
 public:
  // Fewer are listed faster than the totals are read.
  static constexpr size_t kFewest = 500;
  // The kernel takes the longer for the totals, the longer their text is: it has a line for each processor and interrupt.
  static constexpr size_t kBytesForEach = 16;

  // Begins a reading of all. If they are not known then, the caller lists them.
  void begin(ProcRoot& root);
  void begin(const ProcessTotals& totals);
  bool are_known() const { return are_known_; }

  // In the order of their numbers; false behind the last.
  bool next(int32_t& pid);
  // The number that is next; -1 behind the last.
  int64_t cursor() const;

  // Of this reading: a process that exists, and one that was listed and has ended.
  void add(int32_t pid) { is_whole_ = pids().push(pid) && is_whole_; }
  void miss() { is_whole_ = false; }
  // A part of it ends, in which so many directories were listed.
  void end(bool is_last, size_t directories);

 private:
  Array<int32_t>& pids() { return lists_[now_]; }
  const Array<int32_t>& before() const { return lists_[1 - now_]; }
  bool are_many() const { return lists_[now_].size() >= kFewest && lists_[now_].size() >= length_ / kBytesForEach; }

  ProcessTotals totals_ = {};
  size_t length_ = 0;
  Array<int32_t> lists_[2];
  size_t now_ = 0;
  size_t at_ = 0;  // in before()
  size_t directories_ = 0;
  bool is_whole_ = false;
  bool is_ended_ = false;
  bool are_known_ = false;
};

}  // namespace psutil
