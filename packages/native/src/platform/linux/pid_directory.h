// The PIDs in a proc root.
#pragma once

#include "core/array.h"
#include "platform/linux/starvation_monitor.h"
#include "platform/linux/proc_root.h"
#include "platform/linux/process_reader.h"

namespace psutil {

// As Backend::list().
Failure list_pids(ProcRoot& root, int64_t& cursor, size_t max, const int32_t* urgent_pending, Array<int32_t>& pids);

// Reads every process of a procfs while it lists them: `from` and TableBuilder::next() are positions in the list. What the
// kernel has just made for the listing is what the reading needs first.
bool read_listed(ProcRoot& root, const ReadRequest& request, ProcessReader& reader, StarvationMonitor& starvation,
                 TableBuilder& table);

}  // namespace psutil
