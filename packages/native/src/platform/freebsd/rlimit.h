// Limits of any process by kern.proc.rlimit: sys/kern/kern_proc.c, sysctl_kern_proc_rlimit().
#pragma once

#include "platform/posix/rlimit.h"

namespace psutil {

Failure get_rlimits(int32_t pid, Limits& limits);

// Sets one limit and takes the one before in the same call.
Failure exchange_rlimit(int32_t pid, int32_t resource, const Limit& limit, Limit& before);

}  // namespace psutil
