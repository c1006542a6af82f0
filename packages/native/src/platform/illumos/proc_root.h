// The root of a proc filesystem, and the files of a process beneath it: proc(5),
// https://illumos.org/man/5/proc.
#pragma once

#include <string>

#include "core/failure.h"
#include "platform/shared/file.h"

namespace psutil {

class ProcRoot {
 public:
  explicit ProcRoot(const char* path) : path_(path) {}
  ~ProcRoot();
  ProcRoot(const ProcRoot&) = delete;
  ProcRoot& operator=(const ProcRoot&) = delete;

  // Opens the root at the first call; a failure is tried again at the next.
  Failure open();
  int fd() const { return fd_; }

  // Whether its processes are those that a system call of ours means. Any other root is read through files alone.
  bool own() const { return own_; }

 private:
  std::string path_;
  int fd_ = -1;
  bool own_ = false;
};

// The files of the process that has this PID now, or of one process once its directory is open.
class ProcessFiles {
 public:
  ProcessFiles(const ProcRoot& root, int32_t pid) : root_(root), pid_(pid) {}
  ~ProcessFiles();
  ProcessFiles(const ProcessFiles&) = delete;
  ProcessFiles& operator=(const ProcessFiles&) = delete;

  // Opens the directory. The kernel ties it to its process: what is read beneath it from now on is that
  // process's or nothing, also if the PID is reused. Another user's is denied.
  Failure open();

  // Reads the beginning of a file, `size` bytes at most; `size` becomes how many there were. ENOENT has
  // several meanings, of which this knows none.
  Failure read(const char* name, void* to, size_t& size) const;

 private:
  const ProcRoot& root_;
  int32_t pid_;
  int directory_ = -1;
};

}  // namespace psutil
