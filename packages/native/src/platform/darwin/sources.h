// The calls that are counted.
#pragma once

#include "platform/kinfo/system.h"

namespace psutil {

enum Source : size_t { kSession = kFirstCall, kTask, kGroups, kRlimit };
constexpr const char* kSourceNames[] = {"kern.proc.pid", "kern.proc.all", "getsid",
                                        "proc_pidinfo",  "getgroups",     "getrlimit", nullptr};

}  // namespace psutil
