#include "platform/dragonfly/process_reader.h"

#include <unistd.h>

#include "platform/dragonfly/rlimit.h"

namespace psutil {

Failure DragonFly::look_up(int32_t pid, Info& info) {
  count(Source::kPid);
  return read_kinfo(pid, info);
}

Failure DragonFly::read_by_call(Field field, const Info& info, RowBuilder& row) {
  if (field != Field::rlimits) return unsupported("getrlimit");
  const bool own = info.kp_pid == getpid();
  count(own ? Source::kRlimit : Source::kFile);
  Limits limits;
  const Failure failure = own ? get_own_rlimits(limits) : read_rlimits(info.kp_pid, limits);
  if (failure.ok()) row.put_variable(field, limits.values, limits.count * sizeof(Limit));
  return failure;
}

// procfs leaves out one that is about to end. Of any other, it is procfs that is not there.
Failure DragonFly::why_absent(const Info& info) {
  return (info.kp_flags & P_WEXIT) != 0 ? zombie("open") : unsupported("open");
}

}  // namespace psutil
