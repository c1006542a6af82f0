#include "platform/procfs/stat.h"

#include <cerrno>

#include "platform/linux/open_process.h"
#include "platform/shared/errno.h"

namespace psutil {

Failure put_stat(OpenProcess& row, std::string_view text) {
  StatText stat;
  if (!parse_stat(text, stat)) return failure_of(EIO, "read");
  // Its parent has waited for it while the kernel wrote this.
  const int32_t threads = stat.numbers.i32(Field::threads);
  if (stat.numbers.i32(Field::pgid) == -1 && threads == 0) return gone("read");
  row.state = stat.state;
  row.threads = threads;
  row.put(stat.numbers, row.missing());
  if (row.wants(Field::name)) row.put(Field::name, stat.name.data(), stat.name.size());
  if (row.wants(Field::state)) row.put_state(stat.state);
  if (row.wants(Field::startTime)) row.put_f64(Field::startTime, start_of(stat.start, row.serial));
  return {};
}

}  // namespace psutil
