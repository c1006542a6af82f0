#include "platform/procfs/stat.h"

#include <cerrno>

#include "platform/linux/open_process.h"
#include "platform/shared/errno.h"

namespace psutil {

Failure put_stat(OpenProcess& row, std::string_view text) {
  StatText stat;
  if (!parse_stat(text, stat)) return failure_of(EIO, "read");
  // Its parent has waited for it while the kernel wrote this.
  if (stat.pgid == -1 && stat.threads == 0) return gone("read");
  row.state = stat.state;
  row.threads = stat.threads;
  if (row.wants(Field::name)) row.put(Field::name, stat.name.data(), stat.name.size());
  if (row.wants(Field::ppid)) row.put(Field::ppid, stat.ppid);
  if (row.wants(Field::pgid)) row.put(Field::pgid, stat.pgid);
  if (row.wants(Field::sid)) row.put(Field::sid, stat.sid);
  if (row.wants(Field::threads)) row.put(Field::threads, stat.threads);
  if (row.wants(Field::state)) row.put_state(stat.state);
  if (row.wants(Field::startTime)) row.put_f64(Field::startTime, start_of(stat.start, row.serial));
  return {};
}

}  // namespace psutil
