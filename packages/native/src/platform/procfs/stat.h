// /proc/PID/stat: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, do_task_stat() in fs/proc/array.c.
#pragma once

#include <cstdint>
#include <string_view>

namespace psutil {

struct StatText {
  std::string_view name;  // as it is: any bytes, parentheses and spaces too
  char state = '\0';
  int32_t ppid = 0;
  int32_t pgid = 0;
  int32_t sid = 0;
  int32_t threads = 0;
  uint64_t start = 0;  // clock ticks since boot
};

// False where the text is not such a file.
bool parse_stat(std::string_view text, StatText& out);

}  // namespace psutil
