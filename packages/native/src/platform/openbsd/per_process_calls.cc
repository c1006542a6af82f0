// Limits: OpenBSD reads and sets only those of the caller's own process.
#include <unistd.h>

#include "platform/kinfo/system.h"
#include "platform/shared/errno.h"
#include "platform/shared/rlimit.h"

namespace psutil {
namespace {

enum Source : size_t { kRlimits = kFirstCall };
constexpr const char* kSourceNames[] = {"kern.proc.pid", "kern.proc.kthread", "getrlimit", nullptr};

Failure read(Field, const Kinfo& info, CallContext& context, RowBuilder& row) {
  if (info.pid != getpid()) return unsupported("getrlimit");
  context.count(kRlimits);
  return put_own_rlimits(row);
}

}  // namespace

const PerProcessCalls kPerProcessCalls = {kSourceNames, bit(Field::rlimits), read};

}  // namespace psutil
