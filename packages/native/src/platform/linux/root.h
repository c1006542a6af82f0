// The root of a proc filesystem: one descriptor, and how files beneath it are read.
#pragma once

#include <string>
#include <string_view>

#include "core/array.h"
#include "core/failure.h"
#include "core/frame.h"
#include "platform/posix/file.h"

namespace psutil {

class Root {
 public:
  explicit Root(const char* path) : path_(path) {}
  ~Root();
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  // Opens the root at the first call; a failure is tried again at the next.
  Failure open();
  int fd() const { return fd_; }

  // Whether a PID in this root is the same process to a system call of ours: it is the default root, and
  // a procfs of our own PID namespace. Any other root is read through files alone.
  bool own() const { return own_; }

  // Whether this kernel writes an Umask line (since 4.7).
  bool tells_umask();

  // Reads all of a file into `text`. The text stays until the next call.
  Failure read(int directory, const char* path, std::string_view& text);

  // The same of a file that procfs writes record by record and gives out by the page, such as self/mountinfo.
  Failure read_records(const char* path, std::string_view& text);

  // Ticks of start times, and when they begin.
  Clock clock();

 private:
  Failure look_at_namespace();
  enum class Writing { kAtOnce, kByRecord };
  Failure read(int directory, const char* path, Writing writing, std::string_view& text);
  Failure fill(int file, Writing writing);
  double boot_seconds();

  std::string path_;
  int fd_ = -1;
  bool own_ = false;
  int tells_umask_ = -1;  // not yet known
  Array<char> text_;
};

// Ticks since boot, as startTime counts them.
double ticks_now();

}  // namespace psutil
