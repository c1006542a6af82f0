// Limits of any process, a number a call: sys/kern/kern_resource.c, sysctl_proc_plimit().
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
  // The same without looking the process up twenty-four times.
  if (pid == getpid()) return get_own_rlimits(limits);
  for (limits.count = 0; limits.count < kResources; limits.count++) {
    rlimit raw;
    const Failure failure = read_rlimit(pid, static_cast<int32_t>(limits.count), raw);
    // A kernel older than the headers has no name for the last ones.
    if ((failure.number == ENOENT || failure.number == EINVAL) && limits.count > 0) return {};
    if (!failure.ok()) return failure;
    limits.values[limits.count] = limit_of(raw);
  }
  return {};
}

// The kernel refuses a write that leaves soft above hard. Lowering the soft one first needs no right, and can be
// taken back; only where it is to go beyond the hard one that stands must that be raised first.
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

}  // namespace

const FieldSet kPerProcessFields = bit(Field::rlimits);

Failure read_by_call(Field field, int32_t pid, Array<char>&, RowBuilder& row) {
  if (field != Field::rlimits) return unsupported("sysctl");
  Limits limits;
  const Failure failure = read_rlimits(pid, limits);
  if (failure.ok()) row.put_variable(Field::rlimits, limits.values, limits.count * sizeof(Limit));
  return failure;
}

Failure exchange_rlimit(int32_t pid, int32_t resource, const Limit& limit, Limit& before) {
  if (pid == getpid()) return set_own_rlimit(resource, limit, before);
  // resource + 1 goes into the name.
  if (resource < 0 || static_cast<size_t>(resource) >= kResources) return failure_of(EINVAL, "sysctl");
  const rlimit after = raw_of(limit);
  if (after.rlim_cur > after.rlim_max) return failure_of(EINVAL, "sysctl");
  rlimit raw;
  const Failure failure = read_rlimit(pid, resource, raw);
  if (!failure.ok()) return failure;
  before = limit_of(raw);
  return write_both(pid, resource, raw, after);
}

}  // namespace psutil
