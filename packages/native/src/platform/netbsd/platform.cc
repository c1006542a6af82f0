#include "platform/platform.h"

#include <cmath>
#include <ctime>

#include "platform/bsd/system.h"

namespace psutil {
namespace {

constexpr const char* kSourceNames[] = {"kern.proc2.pid", "kern.proc2.all", "proc.rlimit", nullptr};

// A start is the time of the clock's last tick, and so earlier than when the process began by up to as much.
constexpr double kLongestTick = 20'000;

}  // namespace

Capabilities capabilities() {
  return {"netbsd", "sysctl",     kKinfoFields | bit(Field::rlimits), kKinfoFields, kKinfoSignalSets,
          true,     Reach::kAny, Reach::kAny,                        kSourceNames};
}

// What began at this time or later has surely not begun before now.
double Platform::now() {
  timespec time;
  if (clock_gettime(CLOCK_REALTIME, &time) != 0) return std::nan("");
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec / 1000) - kLongestTick;
}

}  // namespace psutil
