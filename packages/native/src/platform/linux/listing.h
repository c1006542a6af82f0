// The PIDs in a proc root.
#pragma once

#include "core/array.h"
#include "platform/linux/starvation_monitor.h"
#include "platform/linux/root.h"
#include "platform/linux/row.h"

namespace psutil {

// As Platform::list().
Failure list_pids(Root& root, int64_t& cursor, size_t most, const int32_t* urgent_pending, Array<int32_t>& pids);

// Reads every process of a procfs while it lists them: `from` and TableBuilder::next() are positions in the list. What the
// kernel has just made for the listing is what the reading needs first.
bool read_listed(Root& root, const ReadRequest& request, RowReader& reader, StarvationMonitor& starvation,
                 TableBuilder& table);

}  // namespace psutil
