// Changes to a process beside its limits. Each appends the values that it replaces to `before`.
#pragma once

#include "core/failure.h"
#include "platform/action.h"
#include "platform/linux/proc_root.h"

namespace psutil {

Failure set_nice(ProcRoot& root, const Action& action, ActionResult& before);
Failure set_io_priority(ProcRoot& root, const Action& action, ActionResult& before);
Failure set_affinity(ProcRoot& root, const Action& action, ActionResult& before);
Failure set_scheduler(ProcRoot& root, const Action& action, ActionResult& before);

// Written beneath the directory of the process, so that the kernel changes that process or none.
Failure set_oom_score_adj(ProcRoot& root, const Action& action, ActionResult& before);

// By a pidfd where the kernel has them.
Failure send_signal(ProcRoot& root, const Action& action);

}  // namespace psutil
