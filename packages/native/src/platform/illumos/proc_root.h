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

  // Opens the root at the first call, and again after a failure.
  Failure open();
  int fd() const { return fd_; }

  // Whether its processes are those of the caller's system calls. Any other root is read only through files.
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

  // Opens the directory. The kernel ties it to its process: reads beneath it return values of that process or fail, even if the
  // PID is reused. The directory of another user's process is denied.
  Failure open();

  // Reads up to `size` bytes from the beginning of a file, and sets `size` to their number. The caller must explain ENOENT,
  // which has several meanings.
  Failure read(const char* name, void* to, size_t& size) const;

 private:
  const ProcRoot& root_;
  int32_t pid_;
  int directory_ = -1;
};

}  // namespace psutil
