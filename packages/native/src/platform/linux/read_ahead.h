// The processes that a thread reads next: their directories are open, and the reader process reads of them what may
// block, while the thread reads the rest of those before.
#pragma once

#include <cstddef>
#include <cstdint>

#include "platform/linux/blocking_reads.h"
#include "platform/linux/proc_root.h"
#include "platform/linux/source_table.h"

namespace psutil {

class ReadAhead {
 public:
  ReadAhead(ProcRoot& root, BlockingReads& reads) : root_(root), reads_(reads) {}
  ~ReadAhead() { end(); }
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  // For processes of which these sources are read. Nothing is done ahead where none of them blocks.
  void begin(SourceSet sources);
  // Whether it is time to say what follows.
  bool is_low() const { return sources_ != 0 && count_ <= kMost / 2; }
  // The processes that are read next, in this order; those that were known before stand first.
  void expect(const int32_t* pids, size_t count);
  // The directory of a process that is read now, if it is the next one; the caller closes it. -1 where it is not open.
  int take(int32_t pid);
  // No other process is read.
  void end();

  static constexpr size_t kMost = 16;

 private:
  struct Next {
    int32_t pid;
    int directory;
    uint32_t before;  // how many reads were expected before its own
  };

  void pop();
  void close_first();

  ProcRoot& root_;
  BlockingReads& reads_;
  SourceSet sources_ = 0;
  size_t of_each_ = 0;  // how many these are
  int32_t self_ = 0;
  // A ring.
  size_t first_ = 0;
  size_t count_ = 0;
  Next next_[kMost];
};

}  // namespace psutil
