// Resource limits as this system has them, and those of the caller's own process, which every system returns:
// https://pubs.opengroup.org/onlinepubs/9799919799/functions/getrlimit.html.
#pragma once

#include <sys/types.h>

#include <sys/resource.h>
#include <unistd.h>

#include "platform/backend.h"
#include "platform/shared/errno.h"

namespace psutil {

constexpr size_t kResources = RLIM_NLIMITS;

// In the order of their numbers. A kernel that is older than the headers may know fewer.
struct Limits {
  Limit values[kResources];
  size_t count = 0;
};

// The system has a number for "no limit"; here, as on the wire, that is ~0. What is beyond its numbers is
// no limit either.
Limit limit_of(const rlimit& raw);
rlimit raw_of(const Limit& limit);

Failure get_own_rlimits(Limits& limits);
// Answers with the limit that stood before.
Failure set_own_rlimit(int32_t resource, const Limit& limit, Limit& before);

// Where a process sets its own limits alone. Another that is gone is said to be gone all the same.
template <typename Reader>
Failure set_rlimit_of_self(Reader& reader, const ProcessRef& target, int32_t resource, const Limit& limit, Limit& before) {
  typename Reader::Info info;
  const Failure failure = reader.find(target, info);
  if (!failure.ok()) return failure;
  return target.pid == getpid() ? set_own_rlimit(resource, limit, before) : unsupported("setrlimit");
}

}  // namespace psutil
