// Clock ticks, the kernel's unit of time.
#pragma once

#include <unistd.h>

#include <cstdint>

namespace psutil {

inline double milliseconds(uint64_t ticks) {
  // Not a static variable: the C++ library's guard for those is not linked. sysconf makes no system call for this.
  const double tick = 1000.0 / static_cast<double>(sysconf(_SC_CLK_TCK));
  // The kernel prints the times of children as signed numbers.
  return static_cast<double>(static_cast<int64_t>(ticks)) * tick;
}

}  // namespace psutil
