// Clock ticks, in which the kernel counts times.
#pragma once

#include <unistd.h>

#include <cstdint>

namespace psutil {

inline double milliseconds(uint64_t ticks) {
  static const double kTick = 1000.0 / static_cast<double>(sysconf(_SC_CLK_TCK));
  // The kernel prints the times of children as signed numbers.
  return static_cast<double>(static_cast<int64_t>(ticks)) * kTick;
}

}  // namespace psutil
