// What the simulated kernels of the BSDs have in common, compiled with the headers of each.
#pragma once

#include <sys/types.h>

#include <sys/resource.h>
#include <sys/time.h>

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kernel/errors.h"
#include "kernel/table.h"

namespace simulation {

// What the caller has room for, as sysctl(3) takes it.
struct Room {
  void* bytes;
  size_t* size;

  // What fits is copied also where not all does. `slack` is added to a size alone.
  int answer(const void* from, size_t length, const Outcome& outcome, size_t slack = 0) const {
    // Whoever asks for a size alone has room enough.
    const bool enough = bytes == nullptr && outcome.error != nullptr && strcmp(outcome.error, "ENOMEM") == 0;
    if (outcome.error != nullptr && !enough) return fail(outcome.error);
    if (outcome.cut) length = outcome.size;
    if (bytes == nullptr) {
      *size = length + slack;
      return 0;
    }
    const size_t fitting = length < *size ? length : *size;
    memcpy(bytes, from, fitting);
    *size = fitting;
    return fitting < length ? fail("ENOMEM") : 0;
  }

  // Elements of which the caller wants the first `wanted` bytes each, as many as `most`; what the kernel does
  // not have of them is left as it is.
  int answer_list(const char* from, size_t length, size_t count, size_t wanted, size_t most, const Outcome& outcome,
                  size_t slack) const {
    auto* packed = new char[count * wanted + 1];
    size_t told = count < most ? count : most;
    for (size_t i = 0; i < told; i++) memcpy(packed + i * wanted, from + i * length, wanted < length ? wanted : length);
    const size_t fitting = bytes == nullptr ? told : *size / wanted;
    const bool enough = fitting >= told && told == count;
    if (fitting < told) told = fitting;
    int result = answer(packed, told * wanted, outcome, slack);
    if (result == 0 && bytes != nullptr && !enough) result = fail("ENOMEM");
    delete[] packed;
    return result;
  }
};

inline timeval time_of(uint64_t microseconds) {
  return {static_cast<time_t>(microseconds / 1000000), static_cast<suseconds_t>(microseconds % 1000000)};
}

inline int answer_time(timespec* time, uint64_t microseconds, const Outcome& outcome) {
  if (outcome.error != nullptr) return fail(outcome.error);
  const timeval now = time_of(microseconds);
  *time = {now.tv_sec, now.tv_usec * 1000};
  return 0;
}

template <typename Set>
void set_signals(Set& set, const Process& process, size_t which) {
  memcpy(&set, process.signals[which], sizeof set);
}

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

// FreeBSD lowers a soft limit to the hard one; the others, where `strict`, refuse one above it.
inline int set_limit(Process& process, int resource, const rlimit& limit, bool strict) {
  if (strict && limit.rlim_cur > limit.rlim_max) return fail("EINVAL");
  if (process.denied & Process::kDeniedSet) return fail("EPERM");
  if (limit.rlim_max > limit_of(process, resource).rlim_max) return fail("EPERM");
  process.limits[resource][0] = cooked(limit.rlim_cur < limit.rlim_max ? limit.rlim_cur : limit.rlim_max);
  process.limits[resource][1] = cooked(limit.rlim_max);
  return 0;
}

inline int get_own_limit(int resource, rlimit* limit) {
  Held held;
  const Outcome outcome = held.call("getrlimit", getpid());
  if (outcome.error != nullptr) return fail(outcome.error);
  Process* own = held.find(getpid());
  if (own == nullptr || !has_resource(*own, resource)) return fail("EINVAL");
  *limit = limit_of(*own, resource);
  return 0;
}

inline int set_own_limit(int resource, const rlimit* limit, bool strict) {
  Held held;
  const Outcome outcome = held.call("setrlimit", getpid());
  if (outcome.error != nullptr) return fail(outcome.error);
  Process* own = held.find(getpid());
  if (own == nullptr || !has_resource(*own, resource)) return fail("EINVAL");
  return set_limit(*own, resource, *limit, strict);
}

}  // namespace simulation
