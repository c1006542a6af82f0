// The kernel's times as milliseconds since the epoch, from the same time of boot as startTime.
#pragma once

#include <cstdint>

#include "platform/linux/proc_root.h"

namespace psutil {

class EventClock {
 public:
  // False where /proc cannot be read. Called before each read: the clock may have been set.
  bool look(ProcRoot& root) {
    if (!root.knows_boot()) return false;
    clock_ = root.clock();
    return true;
  }

  // Nanoseconds of CLOCK_BOOTTIME.
  double at(uint64_t nanoseconds) const { return clock_.epoch_ms + static_cast<double>(nanoseconds) / 1e6; }

  // The same rounded down to clock ticks, as in `stat`.
  double start_at(uint64_t nanoseconds) const {
    return clock_.epoch_ms + static_cast<double>(ticks_at(nanoseconds)) * 1000 / clock_.ticks_per_second;
  }

  uint64_t ticks_at(uint64_t nanoseconds) const {
    return nanoseconds / (1000000000 / static_cast<uint64_t>(clock_.ticks_per_second));
  }

 private:
  Clock clock_;
};

}  // namespace psutil
