// Which process is meant: a PID alone, or a PID with the start time that the process must have.
#pragma once

#include <cstdint>

namespace psutil {

struct ProcessRef {
  static constexpr double kAnyStart = -1;
  // Any start. The start that is read distinguishes the process from every other, whatever that costs.
  static constexpr double kIdentify = -2;
  int32_t pid;
  double start = kAnyStart;  // clock ticks; see also linux/pidfd.h
  bool is_bound() const { return start != kAnyStart && start != kIdentify; }
};

}  // namespace psutil
