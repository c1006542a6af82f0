#include "platform/platform.h"

#include <cmath>
#include <ctime>

#include "platform/bsd/system.h"

namespace psutil {
namespace {

constexpr const char* kSourceNames[] = {"kern.proc.pid",   "kern.proc.proc",   "kern.proc.rlimit",
                                        "kern.proc.umask", "kern.proc.groups", nullptr};

}  // namespace

Capabilities capabilities() {
  return {"freebsd", "sysctl",     kAllFields,   kKinfoFields, kKinfoSignalSets,
          true,      Reach::kAny, Reach::kAny, kSourceNames};
}

double Platform::now() {
  timespec time;
  if (clock_gettime(CLOCK_UPTIME, &time) != 0) return std::nan("");
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec / 1000);
}

}  // namespace psutil
