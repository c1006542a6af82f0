// What kinfo_proc does not have: sys/kern/kern_proc.c, sysctl_kern_proc_umask(), _groups() and _rlimit().
#include <sys/types.h>

#include <sys/sysctl.h>
#include <unistd.h>

#include <cerrno>

#include "platform/kinfo/sysctl.h"
#include "platform/kinfo/system.h"
#include "platform/shared/errno.h"
#include "platform/shared/rlimit.h"

namespace psutil {
namespace {

enum Source : size_t { kRlimits = kFirstCall, kUmask, kGroups };
constexpr const char* kSourceNames[] = {"kern.proc.pid",   "kern.proc.proc",   "kern.proc.rlimit",
                                        "kern.proc.umask", "kern.proc.groups", nullptr};

// Fails with EPERM for a process that the caller may not debug. The kernel takes PID 0 for the caller.
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
  // One call for each limit, without looking the process up each time.
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

Failure read(Field field, const Kinfo& info, CallContext& context, RowBuilder& row) {
  context.count(field == Field::umask ? kUmask : field == Field::groups ? kGroups : kRlimits);
  if (field == Field::umask) return read_umask(info.pid, row);
  if (field == Field::groups) return read_groups(info.pid, context.bytes, row);
  Limits limits;
  return put_rlimits(read_rlimits(info.pid, limits), limits, row);
}

// One call sets a limit and returns the one before.
Failure exchange_rlimit(int32_t pid, int32_t resource, const Limit& limit, Limit& before) {
  const int mib[] = {CTL_KERN, KERN_PROC, KERN_PROC_RLIMIT, pid, resource};
  rlimit old = {};
  size_t size = sizeof old;
  const rlimit raw = raw_of(limit);
  if (sysctl(mib, 5, &old, &size, &raw, sizeof raw) != 0) return failure_of(errno, "sysctl");
  before = limit_of(old);
  return {};
}

}  // namespace

const PerProcessCalls kPerProcessCalls = {kSourceNames, bit(Field::umask) | bit(Field::groups) | bit(Field::rlimits), read,
                                          exchange_rlimit};

}  // namespace psutil
