// The numbered entries of a directory: the PIDs beneath a proc root, the thread ids beneath `PID/task`, and the descriptors
// beneath `PID/fd`.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/failure.h"
#include "platform/shared/file.h"

namespace psutil {

// Numbers one after the other, from a position on. A procfs counts positions by number, so a listing is taken up again
// where it stopped, even if processes started or ended meanwhile.
class NumberedEntries {
 public:
  // `max` is how many are wanted, so that no more is asked of the kernel; numbers below `min` are left out.
  NumberedEntries(int at, const char* path, int64_t cursor, size_t max, int32_t min = 1);

  // False behind the last, and where it failed.
  bool next(int32_t& number);

  // The numbers behind the last, of those that the kernel has returned already. They are next in turn.
  size_t peek(int32_t* numbers, size_t max) const;

  int fd() const { return directory_.get(); }
  // Behind the number that was returned last; -1 behind the last of all.
  int64_t cursor() const { return cursor_; }
  const Failure& failure() const { return failure_; }

 private:
  static constexpr size_t kMaxBytes = 8 * 1024;

  bool fill();

  const Descriptor directory_;
  int64_t cursor_;
  const size_t wanted_;
  const int32_t min_;
  Failure failure_;
  long at_ = 0;
  long length_ = 0;
  alignas(8) char bytes_[kMaxBytes];
};

}  // namespace psutil
