#include "platform/illumos/proc_root.h"

#include <fcntl.h>
#include <sys/types.h>

#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "platform/shared/errno.h"
#include "platform/shared/pid_path.h"

namespace psutil {
namespace {

constexpr char kDefaultRoot[] = "/proc";
constexpr char kProcfs[] = "proc";
constexpr int kReading = O_RDONLY | O_CLOEXEC;

}  // namespace

ProcRoot::~ProcRoot() {
  if (fd_ >= 0) close(fd_);
}

Failure ProcRoot::open() {
  if (fd_ >= 0) return {};
  const int fd = open_at(AT_FDCWD, path_.c_str(), kReading);
  // ENOENT here means that there is no such root, not that there is no such process.
  if (fd < 0) return {errno == EACCES ? Failure::Kind::kDenied : Failure::Kind::kSystem, errno, errno_name(errno), "open"};
  own_ = path_ == kDefaultRoot;
  struct statvfs about;
  // Nor are there processes to read if no procfs is mounted here, or one of another zone.
  if (own_ && (fstatvfs(fd, &about) != 0 || std::strcmp(about.f_basetype, kProcfs) != 0)) {
    close(fd);
    return {Failure::Kind::kSystem, ENODEV, "ENODEV", "statvfs"};
  }
  fd_ = fd;
  return {};
}

ProcessFiles::~ProcessFiles() {
  if (directory_ >= 0) close(directory_);
}

Failure ProcessFiles::open() {
  directory_ = open_at(root_.fd(), PidPath(pid_).directory(), kReading);
  return directory_ >= 0 ? Failure{} : failure_of(errno, "open");
}

Failure ProcessFiles::read(const char* name, void* to, size_t& size) const {
  PidPath path(pid_);
  const Descriptor file(directory_ >= 0 ? open_at(directory_, name, kReading)
                                        : open_at(root_.fd(), path.file(name), kReading));
  if (file.get() < 0) return failure_of(errno, "open");
  size_t got = 0;
  while (got < size) {
    const ssize_t more = read_some(file.get(), static_cast<char*>(to) + got, size - got);
    if (more < 0) return failure_of(errno, "read");
    if (more == 0) break;
    got += static_cast<size_t>(more);
  }
  size = got;
  return {};
}

}  // namespace psutil
