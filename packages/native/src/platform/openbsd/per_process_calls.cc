// Limits: OpenBSD reads and sets only those of the caller's own process.
#include <unistd.h>

#include "platform/bsd/system.h"
#include "platform/shared/errno.h"
#include "platform/shared/rlimit.h"

namespace psutil {

const FieldSet kPerProcessFields = bit(Field::rlimits);

Failure read_by_call(Field field, int32_t pid, Array<char>&, RowBuilder& row) {
  if (field != Field::rlimits || pid != getpid()) return unsupported("getrlimit");
  Limits limits;
  const Failure failure = get_own_rlimits(limits);
  if (failure.ok()) row.put_variable(Field::rlimits, limits.values, limits.count * sizeof(Limit));
  return failure;
}

Failure exchange_rlimit(int32_t pid, int32_t resource, const Limit& limit, Limit& before) {
  return pid == getpid() ? set_own_rlimit(resource, limit, before) : unsupported("setrlimit");
}

}  // namespace psutil
