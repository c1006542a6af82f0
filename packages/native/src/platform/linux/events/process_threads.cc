#include "platform/linux/events/process_threads.h"

#include "platform/linux/numbered.h"
#include "platform/procfs/life.h"
#include "platform/procfs/stat.h"
#include "platform/procfs/status_value.h"
#include "platform/shared/pid_path.h"

namespace psutil {

void ProcessThreads::executed(int32_t process) {
  take_leaderless(process);
  forget(find(process));
}

void ProcessThreads::lost() {
  counts_.clear();
  is_unsure_ = true;
}

bool ProcessThreads::add(int32_t process, int32_t more) {
  const size_t place = find(process);
  if (place == kNone) return more < 0 || counts_.push({process, more});
  counts_[place].threads += more;
  if (counts_[place].threads <= 0) forget(place);
  return true;
}

size_t ProcessThreads::find(int32_t process) const {
  for (size_t i = 0; i < counts_.size(); i++) {
    if (counts_[i].process == process) return i;
  }
  return kNone;
}

void ProcessThreads::forget(size_t place) {
  if (place == kNone) return;
  counts_[place] = counts_[counts_.size() - 1];
  counts_.resize(counts_.size() - 1);
}

bool ProcessThreads::take_leaderless(int32_t process) {
  for (size_t i = 0; i < leaderless_.size(); i++) {
    if (leaderless_[i] != process) continue;
    leaderless_[i] = leaderless_[leaderless_.size() - 1];
    return leaderless_.resize(leaderless_.size() - 1);
  }
  return false;
}

bool ProcessThreads::look_for_leaderless(ProcRoot& root) {
  if (!is_unsure_) return true;
  is_unsure_ = false;
  NumberedEntries processes(root.fd(), ".", 0, SIZE_MAX);
  int32_t process;
  while (processes.next(process)) {
    std::string_view text;
    if (!root.read(root.fd(), PidPath(process).file("stat"), text).ok() || parse_life(text) != Life::kHeadless) continue;
    const bool is_known = take_leaderless(process);
    if ((is_known || has_living_thread(root, process)) && !put_leaderless(process)) return false;
  }
  return true;
}

bool has_living_thread(ProcRoot& root, int32_t process) {
  NumberedEntries threads(root.fd(), PidPath(process).file("task"), 0, SIZE_MAX);
  int32_t thread;
  while (threads.next(thread)) {
    std::string_view text;
    StatText stat;
    if (thread == process || !root.read(threads.fd(), PidPath(thread).file("stat"), text).ok()) continue;
    if (parse_stat(text, stat, 0) && !is_ended(stat.state)) return true;
  }
  return false;
}

}  // namespace psutil
