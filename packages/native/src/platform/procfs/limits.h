// /proc/PID/limits: https://man7.org/linux/man-pages/man5/proc_pid_limits.5.html, proc_pid_limits() in fs/proc/base.c. Every
// user may read it, while prlimit64 is denied for another user's process.
#pragma once

#include <cstddef>
#include <string_view>

#include "platform/backend.h"

namespace psutil {

constexpr size_t kResources = 16;  // RLIM_NLIMITS, the same on every architecture

// In the order of this machine's RLIMIT_ numbers. Returns false if a resource is missing.
bool parse_limits(std::string_view text, Limit (&limits)[kResources]);

}  // namespace psutil
