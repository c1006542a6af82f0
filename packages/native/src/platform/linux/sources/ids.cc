// The process group and the session, by a system call each.
#include <unistd.h>

#include <cerrno>

#include "platform/linux/open_process.h"
#include "platform/linux/process_group.h"
#include "platform/shared/errno.h"

namespace psutil {

Failure put_getpgid(OpenProcess& row) {
  const pid_t pgid = getpgid(row.target.pid);
  if (pgid < 0) return failure_of(errno, "getpgid");
  row.put(Field::pgid, pgid);
  return {};
}

Failure put_getsid(OpenProcess& row) {
  const pid_t sid = getsid(row.target.pid);
  if (sid < 0) return failure_of(errno, "getsid");
  row.put(Field::sid, sid);
  return {};
}

// A process whose own number is its session leads it, and is in the group of that number. And a group is of one session as
// long as it exists. So if the session is the process itself, or if it is that of the same group in the row before, the second
// call was enough. Otherwise a third one reads the group again: if it is the same before and after the session was read, both
// are of one process.
bool put_ids(OpenProcess& row, ProcessGroup& known) {
  const pid_t pid = row.target.pid;
  const pid_t pgid = getpgid(pid);
  if (pgid < 0) return false;
  const pid_t sid = getsid(pid);
  if (sid < 0) return false;
  const bool leads = sid == pid && pgid == pid;
  const bool is_known = pgid == known.pgid && sid == known.sid;
  if (!leads && !is_known && getpgid(pid) != pgid) return false;
  known = {pgid, sid};
  row.put(Field::pgid, pgid);
  row.put(Field::sid, sid);
  return true;
}

}  // namespace psutil
