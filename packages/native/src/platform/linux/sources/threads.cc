// The threads of a process.
#include <unistd.h>

#include <cerrno>

#include "platform/linux/life.h"
#include "platform/linux/numbered.h"
#include "platform/linux/ticks.h"
#include "platform/shared/errno.h"
#include "platform/shared/pid_path.h"
#include "platform/procfs/stat.h"

namespace psutil {

Failure put_task(OpenProcess& row, int directory) {
  NumberedEntries threads(directory, "task", 0, SIZE_MAX);
  PackedValue list(row.scratch.packed);
  bool lost_any = false;
  int32_t tid;
  while (threads.next(tid)) {
    std::string_view text;
    const Failure failure = row.root.read(threads.fd(), PidPath(tid).file("stat"), text);
    // The thread has ended meanwhile.
    if (failure.number == ENOENT || failure.kind == Failure::Kind::kGone) {
      lost_any = true;
      continue;
    }
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
  if (!list.ok()) return failure_of(ENOMEM, "malloc");
  // Even a zombie has a thread. If none is left, the process is gone.
  if (list.size() == 0 || (lost_any && life_of(row) == Life::kGone)) return gone("getdents64");
  row.put_packed(Field::threadList, list);
  return {};
}

}  // namespace psutil
