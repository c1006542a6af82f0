#include "platform/posix/wall_clock.h"

#include <cmath>
#include <ctime>

namespace psutil {

Clock wall_clock() { return {0, 1e6}; }

double wall_time() {
  timespec time;
  if (clock_gettime(CLOCK_REALTIME, &time) != 0) return std::nan("");
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec / 1000);
}

}  // namespace psutil
