// What /proc/PID/stat says of a process that has no memory: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html.
#pragma once

#include <cstdint>
#include <string_view>

namespace psutil {

enum class Life : uint8_t {
  kUnknown,
  kGone,          // no such text, or its parent has waited for it meanwhile
  kAlive,
  kKernelThread,
  kZombie,        // or about to be one: it has given its memory back
  kHeadless,      // its main thread has ended, and others live
};

Life parse_life(std::string_view stat);

}  // namespace psutil
