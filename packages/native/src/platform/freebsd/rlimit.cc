#include "platform/freebsd/rlimit.h"

#include <sys/sysctl.h>
#include <unistd.h>

#include <cerrno>

#include "platform/bsd/sysctl.h"
#include "platform/posix/failure.h"

namespace psutil {

Failure get_rlimits(int32_t pid, Limits& limits) {
  // The same without looking the process up sixteen times.
  if (pid == getpid()) return get_own_rlimits(limits);
  for (limits.count = 0; limits.count < kResources; limits.count++) {
    rlimit raw;
    size_t size = sizeof raw;
    const Failure failure =
        read_sysctl({{CTL_KERN, KERN_PROC, KERN_PROC_RLIMIT, pid, static_cast<int>(limits.count)}, 5}, &raw, size);
    if (failure.number == EINVAL && limits.count > 0) return {};
    if (!failure.ok()) return failure;
    if (size != sizeof raw) return unsupported("sysctl");
    limits.values[limits.count] = limit_of(raw);
  }
  return {};
}

Failure exchange_rlimit(int32_t pid, int32_t resource, const Limit& limit, Limit& before) {
  if (pid == getpid()) return set_own_rlimit(resource, limit, before);
  const int mib[] = {CTL_KERN, KERN_PROC, KERN_PROC_RLIMIT, pid, resource};
  rlimit old = {};
  size_t size = sizeof old;
  const rlimit raw = raw_of(limit);
  if (sysctl(mib, 5, &old, &size, &raw, sizeof raw) != 0) return failure_of(errno, "sysctl");
  before = limit_of(old);
  return {};
}

}  // namespace psutil
