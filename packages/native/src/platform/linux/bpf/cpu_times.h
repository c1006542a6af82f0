// User and system time as /proc/PID/stat has them: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html.
#pragma once

#include <cstdint>

namespace psutil {

struct CpuTimes {
  uint64_t user;
  uint64_t system;
};

// The kernel knows exactly how long a process ran, and by samples in which of the two. So it divides the one in the ratio of
// the other, such that neither becomes less than it `last` was: cputime_adjust() in kernel/sched/cputime.c. In nanoseconds.
CpuTimes adjusted(const CpuTimes& sampled, uint64_t runtime, const CpuTimes& last);

}  // namespace psutil
