#include "platform/backend.h"

#include "platform/bsd/system.h"
#include "platform/shared/clock.h"

namespace psutil {
namespace {

constexpr const char* kSourceNames[] = {"kern.proc.pid",   "kern.proc.proc",   "kern.proc.rlimit",
                                        "kern.proc.umask", "kern.proc.groups", nullptr};

}  // namespace

Capabilities capabilities() {
  return {"freebsd", "sysctl",     kKinfoFields | bit(Field::umask) | bit(Field::rlimits), kKinfoFields, kKinfoSignalSets,
          true,      Reach::kAny, Reach::kAny,                                            kSourceNames,
          nullptr, nullptr, false, bit(ActionKind::kKill)};
}

double Backend::now() { return read_clock(CLOCK_UPTIME); }

}  // namespace psutil
