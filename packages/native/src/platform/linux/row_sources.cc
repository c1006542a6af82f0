// What each source of a process brings, and how it is put into the row.
#include "platform/linux/row.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "platform/linux/limits.h"
#include "platform/linux/numbered.h"
#include "platform/linux/open_process.h"
#include "platform/linux/rlimit.h"
#include "platform/linux/stat.h"
#include "platform/posix/failure.h"
#include "platform/posix/pid_path.h"

namespace psutil {

Failure RowReader::read_source(OpenProcess& row, Source source) {
  switch (source) {
    case Source::kStatus:
      return read_status(row);
    case Source::kStat: {
      std::string_view text;
      const Failure failure = read_file(row, source, text);
      return failure.ok() ? put_stat(row, text) : failure;
    }
    case Source::kLimits:
      return read_limits(row);
    case Source::kPrlimit:
      return read_prlimit(row);
    case Source::kGetpgid:
      return read_getpgid(row);
    case Source::kGetsid:
      return read_getsid(row);
  }
  return {};
}

Failure RowReader::read_status(OpenProcess& row) {
  std::string_view text;
  const Failure failure = read_file(row, Source::kStatus, text);
  if (!failure.ok()) return failure;
  const FieldSet wanted = fields_ & ~row.got & gives(bit(Source::kStatus));
  const StatusText status = parse_status(text, wanted, scratch_.layout);
  if (status.tgid != 0 && status.tgid != row.target.pid) return gone("open");  // a thread's id
  if (status.reaped) return gone("read");
  row.state = status.state;
  row.threads = status.threads;
  return put_status(row, status, wanted);
}

Failure RowReader::put_status(OpenProcess& row, const StatusText& status, FieldSet wanted) {
  const FieldSet present = status.present & wanted;
  if (present & bit(Field::umask)) row.put(Field::umask, status.umask);
  if (present & bit(Field::ppid)) row.put(Field::ppid, status.ppid);
  if (present & bit(Field::pgid)) row.put(Field::pgid, status.pgid);
  if (present & bit(Field::sid)) row.put(Field::sid, status.sid);
  if (present & bit(Field::threads)) row.put(Field::threads, status.threads);
  if (present & bit(Field::uids)) row.put_struct(Field::uids, status.uids);
  if (present & bit(Field::gids)) row.put_struct(Field::gids, status.gids);
  if (present & bit(Field::sigmasks)) row.put(Field::sigmasks, &status.signals, sizeof status.signals);
  if (present & bit(Field::state)) row.put_state(status.state);
  if (present & bit(Field::name)) {
    if (!unescape_name(status.name, scratch_.name)) return failure_of(ENOMEM, "malloc");
    row.put(Field::name, scratch_.name.data(), scratch_.name.size());
  }
  if (present & bit(Field::groups)) {
    if (!parse_groups(status.groups, scratch_.groups)) return failure_of(ENOMEM, "malloc");
    row.put(Field::groups, scratch_.groups.data(), scratch_.groups.size() * sizeof(uint32_t));
  }
  return {};
}

Failure RowReader::put_stat(OpenProcess& row, std::string_view text) {
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
  if (row.wants(Field::startTime)) {
    row.table.put_f64(Field::startTime, start_of(stat.start, row.serial));
    row.got |= bit(Field::startTime);
  }
  return {};
}

// A process whose main thread has ended while others live is alive, and what the kernel shows of it is that thread: a
// zombie without an umask, with the ids and signal masks that it had at its end. Those of a living thread count.
void RowReader::read_living_thread(OpenProcess& row) {
  constexpr FieldSet kOfThread = bit(Field::umask) | bit(Field::state) | bit(Field::uids) | bit(Field::gids) |
                                  bit(Field::groups) | bit(Field::sigmasks);
  const FieldSet wanted = fields_ & kOfThread;
  if (wanted == 0) return;
  row.is_doubtful = row.file.has_value();
  NumberedEntries threads(row.directory >= 0 ? row.directory : root_.fd(),
                          row.directory >= 0 ? "task" : PidPath(row.target.pid).file("task"), 0, SIZE_MAX);
  int32_t tid;
  while (threads.next(tid)) {
    std::string_view text;
    // Where it cannot be read, it has ended meanwhile, as the main thread had.
    if (tid == row.target.pid || !root_.read(threads.fd(), PidPath(tid).file("status"), text).ok()) continue;
    counts_.reads[static_cast<size_t>(Source::kStatus)]++;
    const StatusText status = parse_status(text, wanted, scratch_.layout);
    if (is_ended(status.state) || status.reaped || status.tgid != row.target.pid) continue;
    row.state = status.state;
    const Failure failure = put_status(row, status, wanted);
    if (!failure.ok()) settle(row, bit(Source::kStatus), failure);
    return;
  }
}

Failure RowReader::read_limits(OpenProcess& row) {
  std::string_view text;
  const Failure failure = read_file(row, Source::kLimits, text);
  if (!failure.ok()) return failure;
  if (text.empty()) return gone("read");  // its parent has waited for it since the file was opened
  Limit limits[kResources];
  if (!parse_limits(text, limits)) return unsupported("read");
  row.put(Field::rlimits, limits, sizeof limits);
  return {};
}

Failure RowReader::read_prlimit(OpenProcess& row) {
  Limit limits[kResources];
  const Failure failure = get_rlimits(row.target.pid, limits);
  if (failure.ok()) row.put(Field::rlimits, limits, sizeof limits);
  return failure;
}

Failure RowReader::read_getpgid(OpenProcess& row) {
  const pid_t pgid = getpgid(row.target.pid);
  if (pgid < 0) return failure_of(errno, "getpgid");
  row.put(Field::pgid, pgid);
  return {};
}

Failure RowReader::read_getsid(OpenProcess& row) {
  const pid_t sid = getsid(row.target.pid);
  if (sid < 0) return failure_of(errno, "getsid");
  row.put(Field::sid, sid);
  return {};
}

}  // namespace psutil
