// getsid(2): the struct of a process lacks its session.
#pragma once

#include "core/array.h"
#include "core/source_counts.h"
#include "platform/kinfo/kinfo.h"

namespace psutil {

// getsid finds no zombies, and takes PID 0 for the caller.
Failure read_session(const Kinfo& info, SourceCounts& counts, int32_t& sid);

// Sets the session of each process, or the reason why it has none. All processes of a group are in one session, so each
// group takes one call.
void add_sessions(Array<Kinfo>& processes, SourceCounts& counts);

}  // namespace psutil
