// Calls that read one process each, for what its kinfo_proc does not have.
#pragma once

#include "core/array.h"
#include "core/failure.h"

namespace psutil {

// getsid(2) knows no zombies, and takes 0 for the caller.
Failure read_session(int32_t pid, int32_t& sid);

// PROC_PIDTASKINFO of proc_pidinfo, which is for the same user and root.
Failure read_threads(int32_t pid, int32_t& threads);

// Sessions by process group: all of a group are in one session, so one call is enough for a group.
class Sessions {
 public:
  // kGone where that process is no longer there, or no longer in that group.
  Failure of(int32_t pid, int32_t pgid, int32_t& sid);
  int32_t calls() const { return calls_; }

 private:
  struct Group {
    int32_t pgid;
    int32_t sid;
  };
  size_t position(int32_t pgid) const;

  Array<Group> groups_;  // by number
  int32_t calls_ = 0;
};

}  // namespace psutil
