// The fields of a process whose main thread has ended.
#include "platform/linux/life.h"
#include "platform/linux/numbered.h"
#include "platform/linux/process_reader.h"
#include "platform/linux/sources/status.h"
#include "platform/shared/pid_path.h"

namespace psutil {

bool ProcessReader::is_headless(OpenProcess& row) {
  if (row.state != '\0') return is_ended(row.state) && row.threads > 1;
  return row.lacks_memory && life_of(row) == Life::kHeadless;
}

// A process whose main thread has ended while other threads live is alive. But the kernel shows the main thread: a zombie
// without an umask, with the ids and signal masks that it had at its end. The values of a live thread are read instead.
void ProcessReader::read_living_thread(OpenProcess& row) {
  constexpr FieldSet kOfThread = bit(Field::umask) | bit(Field::state) | bit(Field::uids) | bit(Field::gids) |
                                  bit(Field::groups) | bit(Field::sigmasks) | bit(Field::username) |
                                  bit(Field::memoryDetail) | bit(Field::capabilities) | bit(Field::seccomp) |
                                  bit(Field::noNewPrivs);
  const FieldSet wanted = fields_ & kOfThread;
  if (wanted == 0 && !row.lacks_memory) return;
  row.is_doubtful = row.file.has_value();
  NumberedEntries threads(row.directory >= 0 ? row.directory : root_.fd(),
                          row.directory >= 0 ? "task" : PidPath(row.target.pid).file("task"), 0, SIZE_MAX);
  int32_t tid;
  while (threads.next(tid)) {
    std::string_view text;
    // A thread that cannot be read has ended meanwhile.
    if (tid == row.target.pid || !root_.read(threads.fd(), PidPath(tid).file("status"), text).ok()) continue;
    counts_.reads[index_of(Source::kStatus)]++;
    const StatusText status = parse_status(text, wanted);
    if (is_ended(status.state) || status.reaped || status.tgid != row.target.pid) continue;
    row.state = status.state;
    const Failure failure = put_status_fields(row, status, wanted);
    if (!failure.ok()) settle(row, bit(Source::kStatus), failure);
    if (row.lacks_memory && root_.read(threads.fd(), PidPath(tid).file("statm"), text).ok()) put_statm(row, text);
    return;
  }
}

}  // namespace psutil
