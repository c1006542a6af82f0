// Limits: of the caller's own process by getrlimit(2), of others by procfs.
#include <unistd.h>

#include "platform/dragonfly/rlimit.h"
#include "platform/kinfo/system.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

enum Source : size_t { kFile = kFirstCall, kRlimit };
constexpr const char* kSourceNames[] = {"kern.proc.pid", "kern.proc.all", "rlimit", "getrlimit", nullptr};

Failure read(Field, const Kinfo& info, CallContext& context, RowBuilder& row) {
  const bool is_own = info.pid == getpid();
  context.count(is_own ? kRlimit : kFile);
  if (is_own) return put_own_rlimits(row);
  Limits limits;
  return put_rlimits(read_rlimits(info.pid, limits), limits, row);
}

// procfs leaves out a process that is ending. If it leaves out any other, it is not mounted.
Failure why_absent(const Kinfo& info) { return info.is_ending ? zombie("open") : unsupported("open"); }

}  // namespace

const PerProcessCalls kPerProcessCalls = {kSourceNames, bit(Field::rlimits), read, nullptr, why_absent};

}  // namespace psutil
