// The process group and the session of a process, by two calls that are of one process.
#pragma once

#include <cstdint>

namespace psutil {

struct OpenProcess;

// A process group, and the session to which it belongs.
struct ProcessGroup {
  int32_t pgid = -1;
  int32_t sid = -1;
};

// Puts `pgid` and `sid`. False if they may be of two processes, because the number went from one to another in between, or if a
// call failed. `known` is the group of the row before, and that of this row afterwards.
bool put_ids(OpenProcess& row, ProcessGroup& known);

}  // namespace psutil
