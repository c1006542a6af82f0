// The contents of a simulated process's files.
#pragma once

#include <vector>

#include "kernel/table.h"

namespace simulation {

// The bytes of psinfo, cred, status or sigact. A `patch` is pr_sname, pr_ngroups, or how many signals the
// kernel has.
std::vector<char> content_of(const char* name, const Process& process, const Outcome& outcome);

bool is_zombie(const Process& process);

// Whether the caller may not open it. "" is the directory, which is denied if every file in it that can be denied is.
bool is_denied(const char* name, const Process& process);

}  // namespace simulation
