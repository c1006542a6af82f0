#include "platform/platform.h"

#include <cmath>
#include <ctime>

#include "platform/bsd/system.h"

namespace psutil {
namespace {

constexpr const char* kSourceNames[] = {"kern.proc.pid", "kern.proc.kthread", "getrlimit", nullptr};

}  // namespace

Capabilities capabilities() {
  return {"openbsd", "sysctl",     kKinfoFields | bit(Field::rlimits), kKinfoFields, kKinfoSignalSets,
          true,      Reach::kOwn, Reach::kOwn,                        kSourceNames};
}

// Since boot, sleep of the machine included, as starts are.
double Platform::now() {
  timespec time;
  if (clock_gettime(CLOCK_BOOTTIME, &time) != 0) return std::nan("");
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec / 1000);
}

}  // namespace psutil
