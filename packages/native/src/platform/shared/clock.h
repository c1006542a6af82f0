// clock_gettime(2): https://pubs.opengroup.org/onlinepubs/9799919799/functions/clock_gettime.html.
#pragma once

#include <cmath>
#include <ctime>

namespace psutil {

// In microseconds; NaN if the clock is not available.
inline double read_clock(clockid_t clock) {
  timespec time;
  if (clock_gettime(clock, &time) != 0) return std::nan("");
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec / 1000);
}

inline double monotonic_ms() { return read_clock(CLOCK_MONOTONIC) / 1000; }

}  // namespace psutil
