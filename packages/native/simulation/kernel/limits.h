// Resource limits of a process of the table, in the system's own numbers: compiled with its headers.
#pragma once

#include <sys/types.h>

#include <sys/resource.h>
#include <unistd.h>

#include "kernel/errors.h"
#include "kernel/table.h"

namespace simulation {

inline rlim_t raw(uint64_t value) {
  return value == ~uint64_t{0} ? static_cast<rlim_t>(RLIM_INFINITY) : static_cast<rlim_t>(value);
}
inline uint64_t cooked(rlim_t value) {
  return value == static_cast<rlim_t>(RLIM_INFINITY) ? ~uint64_t{0} : static_cast<uint64_t>(value);
}

inline rlimit limit_of(const Process& process, int resource) {
  return {raw(process.limits[resource][0]), raw(process.limits[resource][1])};
}

inline bool has_resource(const Process& process, int resource) {
  return resource >= 0 && static_cast<uint32_t>(resource) < process.limit_count;
}

// A soft limit above the hard one.
enum class Excess { kLowered, kRefused };

// The rules of setrlimit(2); no process may raise a hard limit.
inline int set_limit(Process& process, int resource, const rlimit& limit, Excess excess = Excess::kLowered) {
  if (excess == Excess::kRefused && limit.rlim_cur > limit.rlim_max) return fail("EINVAL");
  if (process.denied & Process::kDeniedSet) return fail("EPERM");
  if (limit.rlim_max > limit_of(process, resource).rlim_max) return fail("EPERM");
  process.limits[resource][0] = cooked(limit.rlim_cur < limit.rlim_max ? limit.rlim_cur : limit.rlim_max);
  process.limits[resource][1] = cooked(limit.rlim_max);
  return 0;
}

inline Process* find_own(Held& held, int resource) {
  Process* own = held.find(getpid());
  return own != nullptr && has_resource(*own, resource) ? own : nullptr;
}

// getrlimit(2) and setrlimit(2).
inline int get_own_limit(int resource, rlimit& limit) {
  Held held;
  const Outcome outcome = held.call("getrlimit", getpid());
  if (outcome.error != nullptr) return fail(outcome.error);
  const Process* own = find_own(held, resource);
  if (own == nullptr) return fail("EINVAL");
  limit = limit_of(*own, resource);
  return 0;
}

inline int set_own_limit(int resource, const rlimit& limit, Excess excess = Excess::kLowered) {
  Held held;
  const Outcome outcome = held.call("setrlimit", getpid());
  if (outcome.error != nullptr) return fail(outcome.error);
  Process* own = find_own(held, resource);
  return own == nullptr ? fail("EINVAL") : set_limit(*own, resource, limit, excess);
}

}  // namespace simulation
