// The root of a proc filesystem: one descriptor, and how files beneath it are read.
#pragma once

#include <string>
#include <string_view>

#include "core/array.h"
#include "core/failure.h"
#include "core/frame_writer.h"
#include "platform/shared/file.h"

namespace psutil {

class ProcRoot {
  static constexpr double kUnread = -1;

 public:
  explicit ProcRoot(const char* path) : path_(path) {}
  ~ProcRoot();
  ProcRoot(const ProcRoot&) = delete;
  ProcRoot& operator=(const ProcRoot&) = delete;

  // Opens the root at the first call, and again after a failure. A directory is unsupported if it is not a procfs and has no
  // process.
  Failure open();
  int fd() const { return fd_; }

  // Whether it is a procfs, rather than recorded files.
  bool is_procfs() const { return procfs_; }

  // Whether a PID in this root means the same process in a system call: it is the default root, and a procfs of the caller's
  // PID namespace. Any other root is read only through files.
  bool own() const { return own_; }

  // Whether the numbers of users have the same names here as in the caller's system.
  bool has_own_users() const;

  // Whether this kernel writes an Umask line (since 4.7).
  bool has_umask();

  // Reads all of a file into `text`. The text stays until the next call.
  Failure read(int directory, const char* path, std::string_view& text);

  // The same for a file that procfs writes record by record and returns by pages, such as self/mountinfo.
  Failure read_records(const char* path, std::string_view& text);

  // The two steps of read(): opens a file, and reads an open one.
  int open_file(int directory, const char* path);
  int open_flags() const;
  Failure read_open(int file, std::string_view& text);

  // Reads an open file that may have been read before.
  Failure read_again(int file, std::string_view& text);

  // Whether start times can be converted to the time of day. Checks whether the clock was set since the last call.
  bool knows_boot();
  // The ticks of start times, and when they begin, as knows_boot() found it. That is in whole seconds, so that it is the same in
  // every thread and program; NaN if the root has no readable `stat`.
  Clock clock() const;

  // Whether a start has a serial in this root, see pidfd.h.
  bool numbers_processes();

 private:
  Failure look_at_file_system();
  Failure look_at_namespace();
  enum class Writing { kAtOnce, kByRecord };
  Failure read(int directory, const char* path, Writing writing, std::string_view& text);
  Failure read_all(int file, Writing writing, std::string_view& text);
  Failure fill(int file, Writing writing);
  double read_boot();

  std::string path_;
  int fd_ = -1;
  bool procfs_ = false;
  bool own_ = false;
  int has_umask_ = -1;  // not yet known
  int numbers_processes_ = -1;  // the same
  double boot_ = kUnread;     // seconds since the epoch
  double clocks_apart_ = 0;  // CLOCK_REALTIME minus CLOCK_BOOTTIME when boot_ was read
  Array<char> text_;
};

// Ticks since boot, as startTime counts them.
double ticks_now();

}  // namespace psutil
