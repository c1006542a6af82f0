#include "platform/linux/held_files.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

#include "platform/linux/prlimit.h"
#include "platform/linux/system_call.h"

namespace psutil {
namespace {

// All of the program. A thread's samplers are destroyed by their own thread, while another may need their descriptors.
constexpr size_t kMost = 256;
HeldFiles* all[kMost];
int lock = 0;
int64_t total = 0;

class Locked {
 public:
  Locked() {
    while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE) != 0) system_call(SYS_sched_yield);
  }
  ~Locked() { __atomic_store_n(&lock, 0, __ATOMIC_RELEASE); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
};

long this_thread() { return system_call(SYS_gettid); }

int64_t quarter_of_descriptors() {
  const uint64_t most = most_descriptors();
  return static_cast<int64_t>(std::min<uint64_t>(most, INT32_MAX) / 4);
}

void count(int64_t files) { __atomic_add_fetch(&total, files, __ATOMIC_ACQ_REL); }

}  // namespace

int64_t held_files() { return __atomic_load_n(&total, __ATOMIC_ACQUIRE); }

HeldFiles::HeldFiles() {
  const Locked locked;
  for (HeldFiles*& place : all) {
    if (place != nullptr) continue;
    place = this;
    is_listed_ = true;
    break;
  }
}

HeldFiles::~HeldFiles() {
  {
    const Locked locked;
    for (HeldFiles*& place : all) {
      if (place == this) place = nullptr;
    }
  }
  close_all();
}

void HeldFiles::begin(int32_t from, int64_t max) {
  int expected = kIdle;
  while (!__atomic_compare_exchange_n(&state_, &expected, kReading, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
    expected = kIdle;
    system_call(SYS_sched_yield);
  }
  __atomic_store_n(&reader_, this_thread(), __ATOMIC_RELAXED);
  max_ = is_listed_ ? std::min(max < 0 ? quarter_of_descriptors() : max, allowed_) : 0;
  process_ = nullptr;
  if (from > 0) return;
  // Those that a reading did not come to that was given up.
  for (; next_ < before().size(); next_++) {
    if (!now().push(before()[next_])) close_files(before()[next_]);
  }
  now_ = 1 - now_;
  now().clear();
  next_ = 0;
  lacks_room_ = false;
}

void HeldFiles::end(bool is_last) {
  process_ = nullptr;
  if (is_last) {
    while (next_ < before().size()) close_files(before()[next_++]);
    choose();
    // What was given back when descriptors ran out is taken again bit by bit.
    allowed_ = allowed_ > INT32_MAX ? INT64_MAX : allowed_ + allowed_ / 16 + 16;
  }
  close_if_claimed();
  __atomic_store_n(&reader_, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&state_, kIdle, __ATOMIC_RELEASE);
}

void HeldFiles::visit(int32_t pid) {
  close_if_claimed();
  was_taken_ = false;
  while (next_ < before().size() && before()[next_].pid < pid) close_files(before()[next_++]);
  Process visited = {};
  visited.pid = pid;
  std::fill(visited.files, visited.files + kFiles, -1);
  if (next_ < before().size() && before()[next_].pid == pid) visited = before()[next_++];
  if (now().push(visited)) {
    process_ = &now()[now().size() - 1];
  } else {
    close_files(visited);
    process_ = nullptr;
  }
}

int HeldFiles::take(Source source) {
  const size_t place = place_of(source);
  if (process_ == nullptr || place == kFiles || process_->files[place] < 0) return -1;
  const int file = process_->files[place];
  process_->files[place] = -1;
  count(-1);
  was_taken_ = true;
  return file;
}

int HeldFiles::held(Source source) const {
  const size_t place = place_of(source);
  return process_ == nullptr || place == kFiles ? -1 : process_->files[place];
}

void HeldFiles::close_one(Source source) {
  const int file = take(source);
  if (file >= 0) close(file);
}

bool HeldFiles::keep(Source source, int file) {
  const size_t place = place_of(source);
  if (process_ == nullptr || place == kFiles || process_->files[place] >= 0) return false;
  if (held_files() + (process_->is_preferred ? 0 : reserved_) >= max_) {
    lacks_room_ = true;
    return false;
  }
  if (process_->is_preferred && reserved_ > 0) reserved_--;
  process_->files[place] = file;
  count(1);
  return true;
}

void HeldFiles::note_used(uint64_t ticks) {
  if (process_ == nullptr) return;
  const uint64_t more = process_->has_used && ticks > process_->used ? ticks - process_->used : 0;
  process_->recent = process_->recent / 2 + static_cast<uint32_t>(std::min<uint64_t>(more, INT32_MAX));
  process_->rest.is_quiet = process_->has_used && more == 0;
  process_->used = ticks;
  process_->has_used = true;
}

void HeldFiles::forget() {
  was_taken_ = false;
  if (process_ == nullptr) return;
  close_files(*process_);
  process_->recent = 0;
  process_->has_used = process_->is_preferred = false;
  process_->rest = {};
}

size_t HeldFiles::place_of(Source source) {
  size_t place = 0;
  while (place < kFiles && kHeld[place] != source) place++;
  return place;
}

// By powers of two.
size_t HeldFiles::rank_of(const Process& process) {
  return process.recent == 0 ? 0 : 32 - static_cast<size_t>(__builtin_clz(process.recent));
}

size_t HeldFiles::count_of(const Process& process) {
  size_t held = 0;
  for (const int32_t file : process.files) held += file >= 0 ? 1 : 0;
  return held;
}

size_t HeldFiles::close_files(Process& process) {
  size_t closed = 0;
  for (int32_t& file : process.files) {
    if (file < 0) continue;
    close(file);
    file = -1;
    closed++;
  }
  if (closed > 0) count(-static_cast<int64_t>(closed));
  return closed;
}

size_t HeldFiles::close_all() {
  size_t closed = 0;
  for (size_t i = 0; i < now().size(); i++) closed += close_files(now()[i]);
  for (size_t i = next_; i < before().size(); i++) closed += close_files(before()[i]);
  allowed_ = static_cast<int64_t>(closed / 2);
  max_ = std::min(max_, allowed_);
  reserved_ = 0;
  return closed;
}

void HeldFiles::close_if_claimed() {
  if (__atomic_load_n(&is_claimed_, __ATOMIC_RELAXED) == 0) return;
  if (__atomic_exchange_n(&is_claimed_, 0, __ATOMIC_ACQUIRE) != 0) close_all();
}

// Which processes are preferred from now on, if not all can be held: those of the highest ranks. Each has as many files as the
// most of one.
void HeldFiles::choose() {
  reserved_ = 0;
  Array<Process>& list = now();
  if (!lacks_room_) return;
  size_t of_each = 1;
  size_t of_rank[kRanks] = {};
  for (size_t i = 0; i < list.size(); i++) {
    of_rank[rank_of(list[i])]++;
    of_each = std::max(of_each, count_of(list[i]));
  }
  const size_t room = static_cast<size_t>(std::max<int64_t>(max_, 0)) / of_each;
  size_t rank = kRanks;
  for (size_t above = 0; rank > 1 && above + of_rank[rank - 1] <= room; rank--) above += of_rank[rank - 1];
  size_t missing = 0;
  for (size_t i = 0; i < list.size(); i++) {
    list[i].is_preferred = rank_of(list[i]) >= rank;
    if (list[i].is_preferred) missing += of_each - count_of(list[i]);
  }
  reserved_ = static_cast<int64_t>(missing);
  const int64_t free = max_ - held_files();
  if (reserved_ > free) make_room(static_cast<size_t>(reserved_ - free), rank);
}

// Closes so many files of processes below a rank, from the lowest on.
void HeldFiles::make_room(size_t files, size_t rank) {
  for (size_t each = 0; each < rank && files > 0; each++) {
    for (size_t i = 0; i < now().size() && files > 0; i++) {
      if (rank_of(now()[i]) == each) files -= std::min(files, close_files(now()[i]));
    }
  }
}

bool may_try_again() {
  const int failed = errno;
  if (failed != EMFILE && failed != ENFILE) return false;
  if (release_held_files()) return true;
  errno = failed;
  return false;
}

bool HeldFiles::close_of_all() {
  const Locked locked;
  bool has_closed = false;
  for (HeldFiles* files : all) {
    if (files == nullptr) continue;
    int expected = kIdle;
    if (__atomic_load_n(&files->reader_, __ATOMIC_RELAXED) == this_thread()) {
      has_closed |= files->close_all() > 0;
    } else if (__atomic_compare_exchange_n(&files->state_, &expected, kClosing, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
      has_closed |= files->close_all() > 0;
      __atomic_store_n(&files->state_, kIdle, __ATOMIC_RELEASE);
    } else {
      __atomic_store_n(&files->is_claimed_, 1, __ATOMIC_RELEASE);
    }
  }
  return has_closed;
}

bool release_held_files() {
  constexpr int kMostTries = 100;
  const int64_t before = held_files();
  for (int tries = 0; before > 0 && tries < kMostTries; tries++) {
    // One that reads closes its files at its next process, or it has ended meanwhile.
    const timespec millisecond = {0, 1'000'000};
    if (tries > 0) nanosleep(&millisecond, nullptr);
    if (HeldFiles::close_of_all() || held_files() < before) return true;
  }
  return false;
}

}  // namespace psutil
