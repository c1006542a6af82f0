#include "platform/linux/prlimit.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "platform/linux/pidfd.h"
#include "platform/linux/process_reader.h"
#include "platform/procfs/stat.h"
#include "platform/linux/system_call.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

// The kernel's struct rlimit64 on every architecture, which glibc's need not be on a 32-bit one.
static_assert(sizeof(Limit) == 16);

int prlimit64_call(int32_t pid, size_t resource, const Limit* set, Limit* get) {
  return static_cast<int>(system_call(SYS_prlimit64, pid, static_cast<long>(resource), reinterpret_cast<long>(set),
                                      reinterpret_cast<long>(get)));
}

// Whether the process of this PID is the one that began at that tick.
Failure check_start(ProcRoot& root, const ProcessRef& target) {
  char path[32];
  std::snprintf(path, sizeof path, "%d/stat", target.pid);
  std::string_view text;
  Failure failure = root.read(root.fd(), path, text);
  if (failure.number == ENOENT) return gone("open");
  if (!failure.ok()) return failure;
  StatText stat;
  if (!parse_stat(text, stat)) return failure_of(EIO, "read");
  return static_cast<double>(stat.start) == tick_of(target.start) ? Failure{} : gone("open");
}

// Whether it is the one of all that had this PID and began at that tick.
Failure check_serial(const Pidfd& held, const ProcessRef& target) {
  const double meant = serial_of(target.start);
  if (meant == 0) return {};
  double serial;
  const Failure failure = held.serial(serial);
  if (!failure.ok()) return failure;
  return serial == meant ? Failure{} : gone("pidfd_open");
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

Failure set_rlimit(ProcRoot& root, const ProcessRef& target, int32_t resource, const Limit& limit, Limit& before) {
  if (!root.own()) return unsupported("prlimit64");
  // prlimit64 takes 0 for the caller.
  if (target.pid <= 0 || !is_process(target.pid)) return gone("prlimit64");
  if (!target.is_bound()) return prlimit(target.pid, resource, limit, before);
  // The descriptor holds the process that has the PID now. It is opened first, so that serial and start are its.
  const Pidfd held(target.pid);
  // A kernel before 5.3 has none: there the start is looked at again.
  if (!held.is_open() && held.failure().number != ENOSYS) return held.failure();
  Failure failure = held.is_open() ? check_serial(held, target) : Failure{};
  if (failure.ok()) failure = check_start(root, target);
  if (failure.ok()) failure = prlimit(target.pid, resource, limit, before);
  if (!failure.ok()) return failure;
  // While it has not been waited for, its PID cannot have been given to another: it was the right one.
  if (!held.is_open()) return check_start(root, target);
  return held.is_reaped() ? gone("prlimit64") : Failure{};
}

}  // namespace psutil
