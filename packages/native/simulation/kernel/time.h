// Times of the table, in the system's own types: compiled with its headers.
#pragma once

#include <sys/time.h>
#include <time.h>

#include "kernel/errors.h"
#include "kernel/table.h"

namespace simulation {

inline timeval time_of(uint64_t microseconds) {
  return {static_cast<time_t>(microseconds / 1000000), static_cast<suseconds_t>(microseconds % 1000000)};
}

// When it began, as the clock said then.
inline timeval began(const Process& process) { return time_of(kFirstBoot + process.start); }

inline int answer_time(timespec& time, uint64_t microseconds, const Outcome& outcome) {
  if (outcome.error != nullptr) return fail(outcome.error);
  const timeval now = time_of(microseconds);
  time = {now.tv_sec, now.tv_usec * 1000};
  return 0;
}

// clock_gettime(2) of the time of day.
inline int time_of_day(timespec& time) {
  Held held;
  return answer_time(time, held.boot() + held.uptime(), held.call("clock_gettime"));
}

}  // namespace simulation
