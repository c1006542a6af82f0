// What FreeBSD tells of one process at a time, beside its kinfo_proc.
#pragma once

#include "core/array.h"
#include "core/failure.h"

namespace psutil {

// EPERM for a process that the caller may not debug. Takes 0 for the caller.
Failure read_umask(int32_t pid, int32_t& umask);

// Every group, however many; the effective one is the first.
Failure read_groups(int32_t pid, Array<char>& groups);

}  // namespace psutil
