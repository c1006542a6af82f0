#include "platform/linux/rlimit.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "platform/linux/row.h"
#include "platform/linux/stat.h"
#include "platform/linux/system_call.h"
#include "platform/posix/failure.h"

namespace psutil {
namespace {

// The kernel's struct rlimit64 on every architecture, which glibc's need not be on a 32-bit one.
static_assert(sizeof(Limit) == 16);

int prlimit64_call(int32_t pid, size_t resource, const Limit* set, Limit* get) {
  return static_cast<int>(system_call(SYS_prlimit64, pid, static_cast<long>(resource), reinterpret_cast<long>(set),
                                      reinterpret_cast<long>(get)));
}

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif

// Whether the process of this PID is the one that began at that tick.
Failure check_start(Root& root, const Target& target) {
  char path[32];
  std::snprintf(path, sizeof path, "%d/stat", target.pid);
  std::string_view text;
  Failure failure = root.read(root.fd(), path, text);
  if (failure.number == ENOENT) return gone("open");
  if (!failure.ok()) return failure;
  StatText stat;
  if (!parse_stat(text, stat)) return failure_of(EIO, "read");
  return static_cast<double>(stat.start) == target.start ? Failure{} : gone("open");
}

}  // namespace

Failure get_rlimits(int32_t pid, Limit (&limits)[kResources]) {
  for (size_t resource = 0; resource < kResources; resource++) {
    if (prlimit64_call(pid, resource, nullptr, &limits[resource]) != 0) return failure_of(errno, "prlimit64");
  }
  return {};
}

Failure set_rlimit(Root& root, const Target& target, int32_t resource, const Limit& limit, Limit& before) {
  if (!root.own()) return unsupported("prlimit64");
  // prlimit64 takes 0 for the caller.
  if (target.pid <= 0 || !is_process(target.pid)) return gone("prlimit64");
  const bool bound = target.start != Target::kAnyStart;
  // The descriptor holds whoever has the PID now. It is opened first, so that the start time is its.
  const Descriptor held(bound ? static_cast<int>(syscall(SYS_pidfd_open, target.pid, 0)) : -1);
  if (bound) {
    // EINVAL, of newer kernels ENOENT, is a process just gone, whose number may be a thread's by now; ENOSYS a kernel
    // before 5.3, where the start time is looked at again.
    if (held.get() < 0 && (errno == ESRCH || errno == EINVAL || errno == ENOENT)) return gone("pidfd_open");
    if (held.get() < 0 && errno != ENOSYS) return failure_of(errno, "pidfd_open");
    const Failure failure = check_start(root, target);
    if (!failure.ok()) return failure;
  }
  if (prlimit64_call(target.pid, static_cast<size_t>(resource), &limit, &before) != 0) {
    return failure_of(errno, "prlimit64");
  }
  if (!bound) return {};
  // While it has not been waited for, its PID cannot have been given to another: it was the right one.
  if (held.get() < 0) return check_start(root, target);
  if (syscall(SYS_pidfd_send_signal, held.get(), 0, nullptr, 0) != 0 && errno == ESRCH) return gone("prlimit64");
  return {};
}

}  // namespace psutil
