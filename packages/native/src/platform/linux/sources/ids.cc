// The process group and the session, by a system call each.
#include <unistd.h>

#include <cerrno>

#include "platform/linux/open_process.h"
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

bool put_ids(OpenProcess& row) {
  const pid_t pid = row.target.pid;
  const pid_t pgid = getpgid(pid);
  const pid_t sid = getsid(pid);
  if (pgid < 0 || sid < 0 || getpgid(pid) != pgid) return false;
  row.put(Field::pgid, pgid);
  row.put(Field::sid, sid);
  return true;
}

}  // namespace psutil
