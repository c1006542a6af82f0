#include "platform/linux/prlimit.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>

#include "platform/linux/system_call.h"
#include "platform/linux/target_check.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

// The kernel's struct rlimit64, the same on every architecture. glibc's may differ on 32-bit ones.
static_assert(sizeof(Limit) == 16);

int prlimit64_call(int32_t pid, size_t resource, const Limit* set, Limit* get) {
  return static_cast<int>(system_call(SYS_prlimit64, pid, static_cast<long>(resource), reinterpret_cast<long>(set),
                                      reinterpret_cast<long>(get)));
}

Failure prlimit(int32_t pid, int32_t resource, const Limit& limit, Limit& before) {
  const bool done = prlimit64_call(pid, static_cast<size_t>(resource), &limit, &before) == 0;
  return done ? Failure{} : failure_of(errno, "prlimit64");
}

}  // namespace

Failure get_rlimits(int32_t pid, Limit (&limits)[kResources]) {
  for (size_t resource = 0; resource < kResources; resource++) {
    if (prlimit64_call(pid, resource, nullptr, &limits[resource]) != 0) return failure_of(errno, "prlimit64");
  }
  return {};
}

uint64_t most_descriptors() {
  Limit limit;
  return prlimit64_call(0, RLIMIT_NOFILE, nullptr, &limit) == 0 ? limit.soft : UINT64_MAX;
}

Failure set_rlimit(ProcRoot& root, const ProcessRef& target, int32_t resource, const Limit& limit, Limit& before) {
  return call_by_number(root, target, "prlimit64", [&] { return prlimit(target.pid, resource, limit, before); });
}

}  // namespace psutil
