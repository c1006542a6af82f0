// The descendants of processes, from the lists of children that the kernel has.
#pragma once

#include <cstddef>

#include "core/array.h"
#include "platform/linux/proc_root.h"

namespace psutil {

// As Backend::list_descendants(). The lists need CONFIG_PROC_CHILDREN; they are complete for a process that stands still and has no
// children that end meanwhile.
Failure list_descendants(ProcRoot& root, const int32_t* pids, size_t count, size_t max, Array<int32_t>& found, bool& is_all);

}  // namespace psutil
