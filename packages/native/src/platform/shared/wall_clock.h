// For systems that write down the time of day at which a process begins, in microseconds. Setting the clock moves no
// start that is written down, so that it stands for the process.
#pragma once

#include <sys/time.h>

#include "core/frame_writer.h"

namespace psutil {

inline double microseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
}

// Of those starts. There is no now() beside it: a clock that may be set back proves no order.
Clock wall_clock();

}  // namespace psutil
