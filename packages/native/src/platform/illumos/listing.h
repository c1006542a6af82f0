// The PIDs in a proc root.
#pragma once

#include "core/array.h"
#include "platform/illumos/root.h"

namespace psutil {

// As Platform::list().
Failure list_pids(const Root& root, int64_t& cursor, size_t most, const int32_t* urgent_pending, Array<int32_t>& pids);

}  // namespace psutil
