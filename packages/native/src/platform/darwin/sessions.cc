#include "platform/darwin/sessions.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "platform/darwin/sources.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

// The sessions of process groups.
class Sessions {
 public:
  explicit Sessions(SourceCounts& counts) : counts_(counts) {}

  // Fails with kGone if the process has ended, or has left its group.
  Failure of(const Kinfo& info, int32_t& sid) {
    const size_t at = position(info.pgid);
    if (at < groups_.size() && groups_[at].pgid == info.pgid) {
      sid = groups_[at].sid;
      return {};
    }
    const Failure failure = read_session(info, counts_, sid);
    if (!failure.ok()) return failure;
    // The PID may be another process's by now. If that one is in the same group, the session is the group's all the same.
    if (getpgid(info.pid) != info.pgid) return gone("getpgid");
    const size_t after = groups_.size() - at;
    if (!groups_.resize(groups_.size() + 1)) return failure_of(ENOMEM, "malloc");
    std::copy_backward(groups_.data() + at, groups_.data() + at + after, groups_.data() + groups_.size());
    groups_[at] = {info.pgid, sid};
    return {};
  }

 private:
  struct Group {
    int32_t pgid;
    int32_t sid;
  };

  size_t position(int32_t pgid) const {
    const Group* end = groups_.data() + groups_.size();
    const Group* at =
        std::lower_bound(groups_.data(), end, pgid, [](const Group& group, int32_t wanted) { return group.pgid < wanted; });
    return static_cast<size_t>(at - groups_.data());
  }

  Array<Group> groups_;  // by number
  SourceCounts& counts_;
};

}  // namespace

Failure read_session(const Kinfo& info, SourceCounts& counts, int32_t& sid) {
  if (info.is_zombie()) return zombie("getsid");
  if (info.pid == 0) return unsupported("getsid");
  counts.reads[kSession]++;
  sid = getsid(info.pid);
  return sid < 0 ? failure_of(errno, "getsid") : Failure{};
}

void add_sessions(Array<Kinfo>& processes, SourceCounts& counts) {
  Sessions sessions(counts);
  for (size_t i = 0; i < processes.size(); i++) {
    Kinfo& info = processes[i];
    // A zombie's session is unknown, even if a live process of its group has one.
    const Failure failure = info.is_zombie() ? zombie("getsid") : sessions.of(info, info.sid);
    if (failure.ok()) {
      info.present |= bit(Field::sid);
    } else if (failure.kind == Failure::Kind::kGone) {
      info.is_stale = true;
    } else {
      info.fail(Field::sid, failure);
    }
  }
}

}  // namespace psutil
