// The threads of a process.
#include <unistd.h>

#include <cerrno>

#include "platform/linux/numbered.h"
#include "platform/linux/open_process.h"
#include "platform/linux/ticks.h"
#include "platform/shared/errno.h"
#include "platform/shared/pid_path.h"
#include "platform/procfs/stat.h"

namespace psutil {

Failure put_task(OpenProcess& row, int directory) {
  NumberedEntries threads(directory, "task", 0, SIZE_MAX);
  PackedValue list(row.scratch.packed);
  int32_t tid;
  while (threads.next(tid)) {
    std::string_view text;
    const Failure failure = row.root.read(threads.fd(), PidPath(tid).file("stat"), text);
    // It has ended meanwhile.
    if (failure.number == ENOENT || failure.kind == Failure::Kind::kGone) continue;
    if (!failure.ok()) return failure;
    StatText stat;
    State state;
    if (!parse_stat(text, stat, bit(Field::cpuTimes)) || !parse_state(stat.state, state)) continue;
    list.number(tid);
    list.text(stat.name);
    list.number(static_cast<uint8_t>(state));
    list.number(milliseconds(stat.at[kUtime]));
    list.number(milliseconds(stat.at[kStime]));
  }
  if (!threads.failure().ok()) return threads.failure();
  // A zombie too has one.
  if (list.ok() && list.size() == 0) return gone("getdents64");
  if (!list.ok()) return failure_of(ENOMEM, "malloc");
  row.put_packed(Field::threadList, list);
  return {};
}

}  // namespace psutil
