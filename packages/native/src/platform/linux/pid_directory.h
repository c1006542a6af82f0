// The PIDs in a proc root.
#pragma once

#include "core/array.h"
#include "platform/linux/starvation_monitor.h"
#include "platform/linux/proc_root.h"
#include "platform/linux/process_reader.h"

namespace psutil {

// As Backend::list().
Failure list_pids(ProcRoot& root, int64_t& cursor, size_t max, const int32_t* urgent_pending, Array<int32_t>& pids);

// Reads every process of a procfs while it lists them. `from` and TableBuilder::next() are positions in the list. It is faster
// than a list and then reads, because the directory entries that the kernel has made for the list are still cached.
bool read_listed(ProcRoot& root, const ReadRequest& request, ProcessReader& reader, StarvationMonitor& starvation,
                 TableBuilder& table);

}  // namespace psutil
