// The PIDs in a proc root.
#pragma once

#include "core/array.h"
#include "platform/illumos/proc_root.h"

namespace psutil {

// As Backend::list().
Failure list_pids(const ProcRoot& root, int64_t& cursor, size_t max, const int32_t* urgent_pending, Array<int32_t>& pids);

}  // namespace psutil
