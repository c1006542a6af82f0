// Limits of any process by /proc/PID/rlimit, where procfs is mounted: sys/vfs/procfs/procfs_rlimit.c.
#pragma once

#include <string_view>

#include "platform/shared/rlimit.h"

namespace psutil {

// Also kGone if procfs is not mounted.
Failure read_rlimits(int32_t pid, Limits& limits);

// The text has a line for each resource in the order of their numbers: name, soft, hard; -1 is no limit. Returns false for
// any other text.
bool parse_rlimits(std::string_view text, Limits& limits);

}  // namespace psutil
