#include "platform/linux/open_process.h"
#include "platform/linux/prlimit.h"

namespace psutil {

Failure put_prlimit64(OpenProcess& row) {
  Limit limits[kResources];
  const Failure failure = get_rlimits(row.target.pid, limits);
  if (failure.ok()) row.put(Field::rlimits, limits, sizeof limits);
  return failure;
}

}  // namespace psutil
