// Whether a process lives, from /proc/PID/stat: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html.
#pragma once

#include <cstdint>
#include <string_view>

namespace psutil {

enum class Life : uint8_t {
  kUnknown,
  kGone,          // there is no text, or the parent of the process has waited for it
  kAlive,
  kKernelThread,
  kZombie,        // or about to become one: it has given its memory back
  kHeadless,      // its main thread has ended, and other threads live
};

Life parse_life(std::string_view stat);

}  // namespace psutil
