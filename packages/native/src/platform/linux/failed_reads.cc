// Why a row, or a field of it, could not be read.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "platform/linux/life.h"
#include "platform/linux/process_reader.h"
#include "platform/shared/errno.h"
#include "platform/shared/pid_path.h"

namespace psutil {

// Why no value of this row may be returned: the process is gone, or the values may be of two processes.
Failure ProcessReader::why_lost(const OpenProcess& row) {
  if (row.failures.gone() != 0) return row.failures.first_of(row.failures.gone());
  if (row.pidfd && row.pidfd->is_open() && row.pidfd->is_reaped()) return gone("pidfd_send_signal");
  // Values that were read by number are of the directory's process if it still has the number.
  if (row.directory >= 0 && (row.tried & kCallSources) != 0 && faccessat(row.directory, "stat", F_OK, 0) != 0) {
    return gone("access");
  }
  if (!row.is_doubtful || !root_.is_procfs()) return {};
  char byte;
  return pread(row.file->get(), &byte, 1, 0) == 1 ? Failure{} : gone("read");
}

bool ProcessReader::has_directory(int32_t pid) {
  PidPath path(pid);
  return faccessat(root_.fd(), path.directory(), F_OK, 0) == 0;
}

// ENOENT has three meanings here, and ESRCH two.
Failure ProcessReader::explain(OpenProcess& row, Failure failure) {
  if (failure.kind == Failure::Kind::kGone && row.directory >= 0) {
    const Failure ended = why_empty(row, failure.syscall);
    return ended.ok() ? failure : ended;
  }
  if (failure.number != ENOENT) return failure;
  if (row.directory >= 0) {
    std::string_view text;
    return root_.read(row.directory, "stat", text).ok() ? unsupported(failure.syscall) : gone(failure.syscall);
  }
  if (has_directory(row.target.pid)) {
    // Every process here has each of these files. So it has ended, and its PID is reused faster than it can be read.
    return root_.own() ? gone(failure.syscall) : unsupported(failure.syscall);
  }
  if (errno != ENOENT) return failure_of(errno, "access");
  if (!root_.own() || !is_process(row.target.pid)) return gone(failure.syscall);
  // Either the PID has just been reused, or /proc is mounted with hidepid=2 or invisible and hides other users' processes.
  return has_directory(row.target.pid) ? gone(failure.syscall) : failure_of(EACCES, failure.syscall);
}

Failure ProcessReader::why_missing(const OpenProcess& row, Field field) {
  for (SourceSet left = row.failures.failed(); left != 0; left &= left - 1) {
    const Failure& failure = row.failures.first_of(left);
    if ((kSources[__builtin_ctz(left)].provides & bit(field)) != 0) return failure;
  }
  // The file has no such line. A process that is ending loses its umask first.
  const bool has_ended = is_ended(row.state) || (field == Field::umask && root_.has_umask());
  return has_ended ? zombie("read") : unsupported("read");
}

}  // namespace psutil
