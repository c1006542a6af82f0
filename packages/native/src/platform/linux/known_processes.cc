#include "platform/linux/known_processes.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/text.h"
#include "platform/shared/file.h"

namespace psutil {

namespace {

// How many directories one has, with `.` and `..`. Without statx, before Linux 4.11, it is not known.
bool count_directories(int directory, uint64_t& count) {
  struct statx about = {};
  if (syscall(SYS_statx, directory, "", AT_EMPTY_PATH, STATX_NLINK, &about) != 0) return false;
  count = about.stx_nlink;
  return true;
}

}  // namespace

ProcessTotals process_totals(ProcRoot& root) {
  ProcessTotals totals = {};
  const Descriptor file(root.open_file(root.fd(), "stat"));
  struct statfs about;
  std::string_view text;
  if (file.get() < 0 || fstatfs(file.get(), &about) != 0 || about.f_type != PROC_SUPER_MAGIC) return totals;
  if (!root.read_open(file.get(), text).ok() || !count_directories(root.fd(), totals.links)) return totals;
  totals.length = text.size();
  constexpr std::string_view kForks = "\nprocesses ";
  const size_t at = text.find(kForks);
  totals.is_known = at != std::string_view::npos && Scanner(text.substr(at + kForks.size())).number(totals.forks);
  return totals;
}

void KnownProcesses::begin(ProcRoot& root) {
  if (!are_many()) return begin(ProcessTotals{});
  const ProcessTotals totals = process_totals(root);
  length_ = totals.length;
  begin(totals);
}

void KnownProcesses::begin(const ProcessTotals& totals) {
  are_known_ = is_whole_ && is_ended_ && totals.is_known && totals_.is_known && totals.forks == totals_.forks;
  totals_ = totals;
  now_ = 1 - now_;
  pids().clear();
  at_ = directories_ = 0;
  is_whole_ = true;
  is_ended_ = false;
}

void KnownProcesses::end(bool is_last, size_t directories) {
  is_ended_ = is_last;
  directories_ += directories;
  // One that `hidepid` hides can be seen later, without having begun.
  if (is_last && !are_known_ && directories_ != totals_.links) is_whole_ = false;
}

bool KnownProcesses::next(int32_t& pid) {
  if (at_ >= before().size()) return false;
  pid = before()[at_++];
  return true;
}

int64_t KnownProcesses::cursor() const { return at_ < before().size() ? before()[at_] : -1; }

}  // namespace psutil
