// Conversion of resource limits, and the limits of the caller's own process, which every system returns:
// https://pubs.opengroup.org/onlinepubs/9799919799/functions/getrlimit.html.
#pragma once

#include <sys/types.h>

#include <sys/resource.h>

#include "platform/backend.h"
#include "platform/shared/row_builder.h"

namespace psutil {

constexpr size_t kResources = RLIM_NLIMITS;

// In the order of their numbers. A kernel that is older than the headers may know fewer.
struct Limits {
  Limit values[kResources];
  size_t count = 0;
};

// Here, as on the wire, "no limit" is ~0. The system has another number for it, and any larger number is no limit either.
Limit limit_of(const rlimit& raw);
rlimit raw_of(const Limit& limit);

Failure get_own_rlimits(Limits& limits);
// `before` is the limit that is replaced.
Failure set_own_rlimit(int32_t resource, const Limit& limit, Limit& before);

// How many descriptors this program may have.
uint64_t most_descriptors();

// Puts limits whose read has not failed. Returns `failure`.
Failure put_rlimits(const Failure& failure, const Limits& limits, RowBuilder& row);
Failure put_own_rlimits(RowBuilder& row);

}  // namespace psutil
