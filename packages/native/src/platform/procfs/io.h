// /proc/PID/io: https://man7.org/linux/man-pages/man5/proc_pid_io.5.html, do_io_accounting() in the kernel's fs/proc/base.c.
#pragma once

#include <string_view>

namespace psutil {

// In the order of the members of Field::io.
struct IoText {
  static constexpr size_t kLines = 7;
  double values[kLines] = {};
};

// False where a line is missing.
bool parse_io(std::string_view text, IoText& out);

}  // namespace psutil
