// Calls that read one process each, for what its kinfo_proc does not have: sys/kern/kern_proc.c,
// sysctl_kern_proc_umask(), _groups() and _rlimit().
#include <sys/types.h>

#include <sys/sysctl.h>
#include <unistd.h>

#include <cerrno>

#include "platform/bsd/sysctl.h"
#include "platform/bsd/system.h"
#include "platform/shared/errno.h"
#include "platform/shared/rlimit.h"

namespace psutil {
namespace {

// EPERM for a process that the caller may not debug. Takes 0 for the caller.
Failure read_umask(int32_t pid, RowBuilder& row) {
  if (pid == 0) return unsupported("sysctl");
  unsigned short umask = 0;
  size_t size = sizeof umask;
  const Failure failure = read_sysctl({{CTL_KERN, KERN_PROC, KERN_PROC_UMASK, pid}, 4}, &umask, size);
  if (!failure.ok()) return failure;
  if (size != sizeof umask) return unsupported("sysctl");
  row.put_i32(Field::umask, umask);
  return {};
}

// Every group, however many; the effective one is the first.
Failure read_groups(int32_t pid, Array<char>& bytes, RowBuilder& row) {
  const Failure failure = read_sysctl({{CTL_KERN, KERN_PROC, KERN_PROC_GROUPS, pid}, 4}, bytes);
  if (failure.ok()) row.put_variable(Field::groups, bytes.data(), bytes.size());
  return failure;
}

Failure read_rlimits(int32_t pid, Limits& limits) {
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

}  // namespace

const FieldSet kPerProcessFields = bit(Field::umask) | bit(Field::groups) | bit(Field::rlimits);

Failure read_by_call(Field field, int32_t pid, Array<char>& bytes, RowBuilder& row) {
  if (field == Field::umask) return read_umask(pid, row);
  if (field == Field::groups) return read_groups(pid, bytes, row);
  if (field != Field::rlimits) return unsupported("sysctl");
  Limits limits;
  const Failure failure = read_rlimits(pid, limits);
  if (failure.ok()) row.put_variable(Field::rlimits, limits.values, limits.count * sizeof(Limit));
  return failure;
}

// Sets a limit and returns the one before in the same call.
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
