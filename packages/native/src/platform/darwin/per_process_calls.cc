#include "platform/darwin/per_process_calls.h"

#include <libproc.h>
#include <sys/types.h>

#include <sys/proc_info.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "platform/shared/errno.h"

namespace psutil {

Failure read_session(int32_t pid, int32_t& sid) {
  if (pid == 0) return unsupported("getsid");
  sid = getsid(pid);
  return sid < 0 ? failure_of(errno, "getsid") : Failure{};
}

Failure read_threads(int32_t pid, int32_t& threads) {
  proc_taskinfo info;
  const int size = proc_pidinfo(pid, PROC_PIDTASKINFO, 0, &info, sizeof info);
  if (size <= 0) return failure_of(errno, "proc_pidinfo");
  if (static_cast<size_t>(size) < sizeof info) return unsupported("proc_pidinfo");
  threads = info.pti_threadnum;
  return {};
}

Failure Sessions::of(int32_t pid, int32_t pgid, int32_t& sid) {
  const size_t at = position(pgid);
  if (at < groups_.size() && groups_[at].pgid == pgid) {
    sid = groups_[at].sid;
    return {};
  }
  calls_++;
  const Failure failure = read_session(pid, sid);
  if (!failure.ok()) return failure;
  // Whoever has that PID now: in that group, its session is that group's.
  if (getpgid(pid) != pgid) return gone("getpgid");
  const size_t after = groups_.size() - at;
  if (!groups_.resize(groups_.size() + 1)) return failure_of(ENOMEM, "malloc");
  std::copy_backward(groups_.data() + at, groups_.data() + at + after, groups_.data() + groups_.size());
  groups_[at] = {pgid, sid};
  return {};
}

size_t Sessions::position(int32_t pgid) const {
  const Group* end = groups_.data() + groups_.size();
  const Group* at =
      std::lower_bound(groups_.data(), end, pgid, [](const Group& group, int32_t wanted) { return group.pgid < wanted; });
  return static_cast<size_t>(at - groups_.data());
}

}  // namespace psutil
