#include "platform/linux/life.h"

#include <fcntl.h>

#include "platform/linux/numbered.h"
#include "platform/shared/errno.h"
#include "platform/shared/pid_path.h"

namespace psutil {

Life life_of(OpenProcess& row) {
  if (row.life != Life::kUnknown) return row.life;
  std::string_view text;
  const bool beneath = row.directory >= 0;
  if (!beneath) row.is_doubtful = row.file.has_value();
  PidPath path(row.target.pid);
  const Failure failure = beneath ? row.root.read(row.directory, "stat", text) : row.root.read(row.root.fd(), path.file("stat"), text);
  const Life life = failure.ok() ? parse_life(text) : Life::kGone;
  // The process may end before its next source is read.
  if (life != Life::kAlive) row.life = life;
  return life;
}

Failure why_empty(OpenProcess& row, const char* syscall) {
  switch (life_of(row)) {
    case Life::kGone:
      return gone(syscall);
    case Life::kZombie:
    case Life::kHeadless:
      return zombie(syscall);
    default:
      return {};
  }
}

Failure why_lacking(OpenProcess& row, const char* syscall) {
  const Failure failure = why_empty(row, syscall);
  if (!failure.ok() || life_of(row) == Life::kKernelThread) return failure;
  // A live process without this value is about to end. Recorded files may lack it.
  return row.root.is_procfs() ? zombie(syscall) : unsupported(syscall);
}

int open_living_thread(OpenProcess& row) {
  NumberedEntries threads(row.directory, "task", 0, SIZE_MAX);
  int32_t tid;
  while (threads.next(tid)) {
    std::string_view text;
    if (tid == row.target.pid || !row.root.read(threads.fd(), PidPath(tid).file("stat"), text).ok()) continue;
    if (parse_life(text) != Life::kAlive) continue;
    return open_at(threads.fd(), PidPath(tid).directory(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  }
  return -1;
}

}  // namespace psutil
