#include "platform/linux/known_processes.h"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <algorithm>

#include "core/text.h"
#include "platform/linux/process_reader.h"

namespace psutil {
namespace {

// Of a file of the kernel, and of nothing that is mounted over it.
bool read_of_kernel(ProcRoot& root, const char* name, std::string_view& text) {
  const Descriptor file(root.open_file(root.fd(), name));
  struct statfs about;
  if (file.get() < 0 || fstatfs(file.get(), &about) != 0 || about.f_type != PROC_SUPER_MAGIC) return false;
  return root.read_open(file.get(), text).ok();
}

}  // namespace

ForkCounts fork_counts(ProcRoot& root) {
  ForkCounts counts = {};
  std::string_view text;
  if (!read_of_kernel(root, "stat", text)) return counts;
  counts.length = text.size();
  constexpr std::string_view kForks = "\nprocesses ";
  const size_t at = text.find(kForks);
  if (at == std::string_view::npos || !Scanner(text.substr(at + kForks.size())).number(counts.forks)) return counts;
  if (!read_of_kernel(root, "loadavg", text)) return counts;
  // Behind three averages, and how many threads run.
  Scanner scanner(text);
  for (int i = 0; i < 4; i++) scanner.word();
  counts.is_known = scanner.number(counts.last) && counts.forks > 0 && counts.last > 0;
  return counts;
}

void KnownProcesses::begin(ProcRoot& root) {
  if (!are_many()) return begin(ForkCounts{});
  const ForkCounts counts = fork_counts(root);
  length_ = counts.length;
  begin(counts);
}

void KnownProcesses::begin(const ForkCounts& counts) {
  const bool was_whole = is_whole_ && is_ended_;
  now_ = 1 - now_;
  at_ = new_at_ = 0;
  new_.clear();
  are_known_ = was_whole && readings_ < kLongest && find_new(counts);
  readings_ = are_known_ ? readings_ + 1 : 0;
  lists_[now_].clear();
  counts_ = counts;
  is_whole_ = true;
  is_ended_ = false;
}

bool KnownProcesses::find_new(const ForkCounts& counts) {
  if (!counts.is_known || !counts_.is_known || counts.last < counts_.last) return false;
  const uint32_t given = counts.last - counts_.last;
  if (counts.forks - counts_.forks != given || given + kMargin > before().size() / 4) return false;
  const auto last = static_cast<int32_t>(counts.last);
  for (auto pid = static_cast<int32_t>(counts_.last > kMargin ? counts_.last - kMargin : 1); pid <= last; pid++) {
    if (!was_there(pid) && is_process(pid) && !new_.push(pid)) return false;
  }
  return true;
}

bool KnownProcesses::was_there(int32_t pid) const {
  const int32_t* first = before().data();
  return std::binary_search(first, first + before().size(), pid);
}

bool KnownProcesses::next(int32_t& pid) {
  const int64_t found = cursor();
  if (found < 0) return false;
  pid = static_cast<int32_t>(found);
  if (at_ < before().size() && before()[at_] == pid) at_++;
  if (new_at_ < new_.size() && new_[new_at_] == pid) new_at_++;
  return true;
}

int64_t KnownProcesses::cursor() const {
  const bool has_old = at_ < before().size();
  if (new_at_ < new_.size() && (!has_old || new_[new_at_] < before()[at_])) return new_[new_at_];
  return has_old ? before()[at_] : -1;
}

void KnownProcesses::add(int32_t pid) { is_whole_ = lists_[now_].push(pid) && is_whole_; }

}  // namespace psutil
