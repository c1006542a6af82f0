// Limits, one number for each call: sys/kern/kern_resource.c, sysctl_proc_plimit().
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

enum Source : size_t { kRlimits = kFirstCall };
constexpr const char* kSourceNames[] = {"kern.proc2.pid", "kern.proc2.all", "proc.rlimit", nullptr};

enum Which : int { kSoft = PROC_PID_LIMIT_TYPE_SOFT, kHard = PROC_PID_LIMIT_TYPE_HARD };

Mib mib_of(int32_t pid, int32_t resource, Which which) {
  return {{CTL_PROC, pid, PROC_PID_LIMIT, resource + 1, which}, 5};
}

Failure read_one(int32_t pid, int32_t resource, Which which, rlim_t& value) {
  size_t size = sizeof value;
  const Failure failure = read_sysctl(mib_of(pid, resource, which), &value, size);
  return failure.ok() && size != sizeof value ? unsupported("sysctl") : failure;
}

Failure write_one(int32_t pid, int32_t resource, Which which, rlim_t value) {
  const Mib mib = mib_of(pid, resource, which);
  return sysctl(mib.numbers, mib.length, nullptr, nullptr, &value, sizeof value) == 0 ? Failure{}
                                                                                      : failure_of(errno, "sysctl");
}

Failure read_rlimit(int32_t pid, int32_t resource, rlimit& raw) {
  const Failure failure = read_one(pid, resource, kSoft, raw.rlim_cur);
  return failure.ok() ? read_one(pid, resource, kHard, raw.rlim_max) : failure;
}

Failure read_rlimits(int32_t pid, Limits& limits) {
  // One call for each limit, without looking the process up each time.
  if (pid == getpid()) return get_own_rlimits(limits);
  for (limits.count = 0; limits.count < kResources; limits.count++) {
    rlimit raw;
    const Failure failure = read_rlimit(pid, static_cast<int32_t>(limits.count), raw);
    // A kernel that is older than the headers lacks the last resources.
    if ((failure.number == ENOENT || failure.number == EINVAL) && limits.count > 0) return {};
    if (!failure.ok()) return failure;
    limits.values[limits.count] = limit_of(raw);
  }
  return {};
}

// The kernel refuses a write that leaves soft above hard. The soft limit is set first: that needs no privilege, and can be
// undone. Only a soft limit above the present hard limit needs the hard limit to be raised first.
Failure write_both(int32_t pid, int32_t resource, const rlimit& before, rlimit after) {
  const bool soft_first = after.rlim_cur <= before.rlim_max;
  const Which first = soft_first ? kSoft : kHard;
  Failure failure = write_one(pid, resource, first, soft_first ? after.rlim_cur : after.rlim_max);
  if (!failure.ok()) return failure;
  if (soft_first) {
    failure = write_one(pid, resource, kHard, after.rlim_max);
  } else {
    // The kernel has a maximum for all processes, and uses it if more is requested.
    rlim_t hard;
    failure = read_one(pid, resource, kHard, hard);
    if (failure.ok()) failure = write_one(pid, resource, kSoft, after.rlim_cur < hard ? after.rlim_cur : hard);
  }
  if (!failure.ok()) write_one(pid, resource, first, soft_first ? before.rlim_cur : before.rlim_max);
  return failure;
}

Failure read(Field, const Kinfo& info, CallContext& context, RowBuilder& row) {
  context.count(kRlimits);
  Limits limits;
  return put_rlimits(read_rlimits(info.pid, limits), limits, row);
}

Failure exchange_rlimit(int32_t pid, int32_t resource, const Limit& limit, Limit& before) {
  // The resource is part of the name.
  if (resource < 0 || static_cast<size_t>(resource) >= kResources) return failure_of(EINVAL, "sysctl");
  const rlimit after = raw_of(limit);
  if (after.rlim_cur > after.rlim_max) return failure_of(EINVAL, "sysctl");
  rlimit raw;
  const Failure failure = read_rlimit(pid, resource, raw);
  if (!failure.ok()) return failure;
  before = limit_of(raw);
  return write_both(pid, resource, raw, after);
}

}  // namespace

const PerProcessCalls kPerProcessCalls = {kSourceNames, bit(Field::rlimits), read, exchange_rlimit};

}  // namespace psutil
