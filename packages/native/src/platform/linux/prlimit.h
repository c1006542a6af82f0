// Resource limits by prlimit64: https://man7.org/linux/man-pages/man2/prlimit.2.html.
#pragma once

#include <cstdint>

#include "platform/procfs/limits.h"
#include "platform/linux/proc_root.h"

namespace psutil {

// Reads every limit of a process. Fails with EPERM for another user's process without CAP_SYS_RESOURCE.
Failure get_rlimits(int32_t pid, Limit (&limits)[kResources]);

// How many files this program may have open.
uint64_t most_descriptors();

// Sets one limit of this process, and of no later one of the same PID. `before` is the limit that it replaces.
Failure set_rlimit(ProcRoot& root, const ProcessRef& target, int32_t resource, const Limit& limit, Limit& before);

}  // namespace psutil
