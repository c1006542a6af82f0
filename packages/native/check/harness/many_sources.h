// A large table of sources: 45 fields, of which some have several sources and most have one.
#pragma once

#include "platform/shared/source_planner.h"

namespace check {

constexpr int kManyFields = 45;
constexpr int kManySources = 15;

// `count` fields from this one on.
constexpr psutil::FieldSet fields(int from, int count) { return ((psutil::FieldSet{1} << count) - 1) << from; }

// Fields 0 to 12 have several sources, 13 to 24 share a file with them, and the rest have a source of their own.
constexpr psutil::SourceRow kMany[kManySources] = {
    {"status", fields(0, 11) | fields(13, 6), 14500, false},
    {"stat", fields(0, 3) | fields(8, 4) | fields(19, 9), 4400, false},
    {"limits", fields(12, 1), 8200, false},
    {"prlimit64", fields(12, 1), 2400, true},
    {"getpgid", fields(8, 1), 500, true},
    {"getsid", fields(9, 1), 500, true},
    {"statm", fields(24, 1), 2400, false},
    {"schedstat", fields(27, 1) | fields(28, 1), 2000, false},
    {"sched_getaffinity", fields(18, 1), 600, true},
    {"getpriority", fields(23, 1), 500, true},
    {"io", fields(29, 3), 3200, false},
    {"cmdline", fields(32, 2), 4000, false},
    {"links", fields(34, 4), 5000, false},
    {"fd", fields(38, 3), 9000, false},
    {"cgroup", fields(41, 4), 7000, false},
};
constexpr psutil::SourceSet kAllOfMany = (psutil::SourceSet{1} << kManySources) - 1;

}  // namespace check
