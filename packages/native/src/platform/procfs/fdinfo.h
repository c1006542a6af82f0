// /proc/PID/fdinfo/N: https://man7.org/linux/man-pages/man5/proc_pid_fdinfo.5.html, seq_show() in fs/proc/fd.c.
#pragma once

#include <cstdint>
#include <string_view>

namespace psutil {

struct FdInfo {
  uint64_t position = 0;
  uint32_t flags = 0;  // of open(2)
  uint64_t inode = 0;  // 0 before Linux 5.14, which has no such line
};

// The first lines, which are the same of every kind of file; false where the position or the flags are missing.
bool parse_fdinfo(std::string_view text, FdInfo& info);

}  // namespace psutil
