// The PIDs in a proc root.
#pragma once

#include "core/array.h"
#include "platform/linux/root.h"

namespace psutil {

// As Platform::list().
Failure list_pids(Root& root, int64_t& cursor, size_t most, const int32_t* hurry, Array<int32_t>& pids);

}  // namespace psutil
