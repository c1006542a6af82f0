#include "platform/linux/rest.h"

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

#include "platform/linux/process_reader.h"
#include "platform/linux/open_process.h"
#include "platform/linux/sources/stat.h"
#include "platform/procfs/stat.h"
#include "platform/shared/pid_path.h"

namespace psutil {
namespace {

// After so many runs its `stat` is kept open in place of `statm`.
constexpr uint8_t kRunsUntilBusy = 2;

// CPUCLOCK_SCHED of a process, include/linux/posix-timers_types.h. https://man7.org/linux/man-pages/man3/clock_getcpuclockid.3.html
// describes it; that function calls the kernel once more to see whether there is such a process.
clockid_t clock_of(int32_t pid) { return static_cast<clockid_t>(~static_cast<uint32_t>(pid) << 3 | 2); }

}  // namespace

uint64_t processor_time_of(int32_t pid) {
  timespec time;
  if (clock_gettime(clock_of(pid), &time) != 0) return 0;
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(time.tv_nsec);
}

uint64_t inode_of(int file) {
  struct statx about = {};
  return syscall(SYS_statx, file, "", AT_EMPTY_PATH, STATX_INO, &about) == 0 ? about.stx_ino : 0;
}

void Rest::note(const StatText& stat, uint64_t time) {
  const bool is_whole = stat.name.size() <= kLongestName && !is_ended(stat.state);
  processor_time = is_whole ? time : 0;
  if (!is_whole) return;
  start = stat.start;
  constexpr StatPlace places[kTimes] = {kUtime, kStime, kCutime, kCstime, kBlockDelay};
  for (size_t i = 0; i < kTimes; i++) times[i] = stat.at[places[i]];
  name_length = static_cast<uint8_t>(stat.name.size());
  std::copy(stat.name.begin(), stat.name.end(), name);
}

// Fills the row of a process that has not run since the last reading.
bool ProcessReader::put_rest(OpenProcess& row) {
  Rest* rest = held_->rest();
  if (rest == nullptr || !rest->is_known()) return false;
  const int held = held_->held(Source::kStatm);
  if (held < 0 && rest->inode == 0) return false;
  if (processor_time_of(row.target.pid) != rest->processor_time) return false;
  Descriptor opened(held < 0 ? open_statm(row.target.pid) : -1);
  if (held < 0 && inode_of(opened.get()) != rest->inode) {
    rest->forget();
    return false;
  }
  // It can be read, so the process that the file is bound to has the number.
  std::string_view text;
  if (!root_.read_again(held < 0 ? opened.get() : held, text).ok() || !put_sampled_sizes(row, text)) return false;
  counts_.reads[index_of(Source::kStatm)]++;
  rest->runs = 0;
  put_unchanged(row, *rest);
  if (held < 0) hold_file(Source::kStatm, opened);
  return true;
}

// Its `stat` is open, and about to be read.
void ProcessReader::watch_rest(OpenProcess& row) {
  Rest* rest = held_->rest();
  const bool has_statm = held_->held(Source::kStatm) >= 0;
  if (rest == nullptr || !(rest->is_quiet || has_statm)) return;
  row.rest = rest;
  // Anew, if put_rest() has found it changed: the process that this is of is now the one whose file is open.
  row.processor_time = processor_time_of(row.target.pid);
  const bool is_at_rest = rest->is_known() && rest->processor_time == row.processor_time;
  rest->processor_time = 0;
  // If `stat` of before can still be read after this, both are of one process.
  if (is_at_rest && !has_statm) row.statm.emplace(open_statm(row.target.pid));
}

// Its `stat` has been read. Keeps one file of it: of a process at rest `statm`.
void ProcessReader::hold_one(OpenProcess& row) {
  Rest* rest = held_->rest();
  if (rest == nullptr) return;
  if (row.statm && row.statm->get() >= 0 && rest->is_known()) {
    rest->runs = 0;
    rest->inode = inode_of(row.statm->get());
    return hold_file(Source::kStatm, *row.statm);
  }
  const bool has_statm = held_->held(Source::kStatm) >= 0;
  if (has_statm || rest->inode != 0) {
    const bool may_rest = rest->is_known() && ++rest->runs < kRunsUntilBusy;
    if (may_rest) return;
    rest->inode = 0;
    if (has_statm) held_->close_one(Source::kStatm);
  }
  hold_file(row.of_file, *row.file);
}

int ProcessReader::open_statm(int32_t pid) {
  PidPath path(pid);
  return root_.open_file(root_.fd(), path.file(row_of(Source::kStatm).name));
}

}  // namespace psutil
