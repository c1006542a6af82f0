// The numbered entries of a directory: the PIDs beneath a proc root, the thread ids beneath `PID/task`, and the descriptors
// beneath `PID/fd`.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/failure.h"
#include "platform/shared/file.h"

namespace psutil {

// Returns numbers one by one, from a position on. In procfs a position is a number, so a listing continues where it stopped,
// even if processes have started or ended.
class NumberedEntries {
 public:
  // `max` is how many are wanted, so that the kernel lists no more. Numbers below `min` are left out.
  NumberedEntries(int at, const char* path, int64_t cursor, size_t max, int32_t min = 1);

  // Returns false after the last, and on a failure.
  bool next(int32_t& number);

  // The numbers behind the last, of those that the kernel has returned already. They are next in turn.
  size_t peek(int32_t* numbers, size_t max) const;

  // How many of the entries until now are directories, with `.` and `..`.
  size_t directories() const { return directories_; }

  int fd() const { return directory_.get(); }
  // The position after the number that was returned last; -1 after the last of all.
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
  size_t directories_ = 0;
  long at_ = 0;
  long length_ = 0;
  alignas(8) char bytes_[kMaxBytes];
};

}  // namespace psutil
