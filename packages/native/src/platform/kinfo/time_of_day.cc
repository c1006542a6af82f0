// For systems that store the time of day at which a process begins. Setting the clock does not move such a start.
#include <cmath>

#include "platform/kinfo/system.h"

namespace psutil {

Failure read_boot_time(int64_t& boot) {
  boot = 0;
  return {};
}

// The clock may be set back: its time now proves no order of processes.
double Backend::now() { return std::nan(""); }

}  // namespace psutil
