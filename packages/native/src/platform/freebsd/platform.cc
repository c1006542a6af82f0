#include "platform/platform.h"

#include "platform/bsd/system.h"
#include "platform/posix/clock.h"

namespace psutil {
namespace {

constexpr const char* kSourceNames[] = {"kern.proc.pid",   "kern.proc.proc",   "kern.proc.rlimit",
                                        "kern.proc.umask", "kern.proc.groups", nullptr};

}  // namespace

Capabilities capabilities() {
  return {"freebsd", "sysctl",     kKinfoFields | bit(Field::umask) | bit(Field::rlimits), kKinfoFields, kKinfoSignalSets,
          true,      Reach::kAny, Reach::kAny,                                            kSourceNames};
}

double Platform::now() { return read_clock(CLOCK_UPTIME); }

}  // namespace psutil
