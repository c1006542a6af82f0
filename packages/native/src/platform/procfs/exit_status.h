// How a process has ended, in /proc/PID/stat: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html.
#pragma once

#include <cstdint>
#include <string_view>

namespace psutil {

struct ExitText {
  bool has_ended = false;   // all its threads
  bool has_status = false;  // since Linux 3.5
  int32_t status = 0;       // as wait(2) encodes it; 0 also where the reader may not see it
};

// False where the text is not such a file.
bool parse_exit(std::string_view stat, ExitText& out);

}  // namespace psutil
