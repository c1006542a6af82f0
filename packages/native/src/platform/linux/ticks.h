// Clock ticks, the kernel's unit of time.
#pragma once

#include <cstdint>

namespace psutil {

// Read when the addon is loaded: every process has half a dozen times. Not a static variable of a function: the C++ library's
// guard for those is not linked.
extern const double kMillisecondsATick;
extern const uint64_t kNanosecondsATick;

inline double milliseconds(uint64_t ticks) {
  // The kernel prints the times of children as signed numbers.
  return static_cast<double>(static_cast<int64_t>(ticks)) * kMillisecondsATick;
}

}  // namespace psutil
