#include "platform/linux/read_ahead.h"

#include <fcntl.h>
#include <unistd.h>

#include "platform/shared/pid_path.h"

namespace psutil {

void ReadAhead::begin(SourceSet sources) {
  end();
  // The text of smaps is far too long to be kept for several processes, and most of its time is the kernel's.
  sources_ = root_.is_procfs() ? sources & kBlockingSources & ~bit(Source::kSmaps) : 0;
  of_each_ = static_cast<size_t>(__builtin_popcount(sources_));
  // Itself it reads at once.
  self_ = root_.own() ? getpid() : 0;
}

void ReadAhead::expect(const int32_t* pids, size_t count) {
  for (size_t i = count_; i < count && count_ < kMost && reads_.has_room(of_each_); i++) {
    Next& next = next_[(first_ + count_++) % kMost];
    next = {pids[i], -1, reads_.expected()};
    if (next.pid <= 0 || next.pid == self_) continue;
    next.directory = open_at(root_.fd(), PidPath(next.pid).directory(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (next.directory < 0) continue;
    for_each_source(sources_, [&](Source source) {
      reads_.expect(root_, next.pid, next.directory, row_of(source).name);
    });
  }
  reads_.start();
}

int ReadAhead::take(int32_t pid) {
  size_t place = 0;
  while (place < count_ && next_[(first_ + place) % kMost].pid != pid) place++;
  if (place == count_) return -1;
  for (; place > 0; place--) close_first();
  const Next& next = next_[first_];
  // Also what the one before was expected to read and has not, since it has ended.
  reads_.drop(next.before);
  pop();
  return next.directory;
}

void ReadAhead::pop() {
  first_ = (first_ + 1) % kMost;
  count_--;
}

void ReadAhead::close_first() {
  if (next_[first_].directory >= 0) close(next_[first_].directory);
  pop();
}

void ReadAhead::end() {
  if (sources_ == 0) return;
  reads_.drop_all();
  while (count_ > 0) close_first();
  sources_ = 0;
}

}  // namespace psutil
