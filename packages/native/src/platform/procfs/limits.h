// /proc/PID/limits: https://man7.org/linux/man-pages/man5/proc_pid_limits.5.html, proc_pid_limits() in
// fs/proc/base.c. Anybody may read it, where prlimit64 of another user's process is denied.
#pragma once

#include <cstddef>
#include <string_view>

#include "platform/backend.h"

namespace psutil {

constexpr size_t kResources = 16;  // RLIM_NLIMITS, the same on every architecture

// In the order of the RLIMIT_ numbers of this machine; false where a resource is missing.
bool parse_limits(std::string_view text, Limit (&limits)[kResources]);

}  // namespace psutil
