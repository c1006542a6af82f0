#include "platform/linux/blocking_reads.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>

#include "platform/procfs/stat.h"
#include "platform/shared/clock.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

// Of 65,000 mappings, smaps has less than a quarter.
constexpr size_t kMaxText = 256 * 1024 * 1024;
// By then it is over, or has been ended.
constexpr double kLimit = 1000;

using Verdict = StalledReads::Verdict;

// The device of a directory; 0 where the kernel is too old to say it.
dev_t device_of(int directory) {
  // The C library's fstat() has another name in an old one.
#if defined(SYS_statx) && defined(STATX_INO)
  struct statx about = {};
  if (syscall(SYS_statx, directory, "", AT_EMPTY_PATH, STATX_INO, &about) == 0) {
    return makedev(about.stx_dev_major, about.stx_dev_minor);
  }
#endif
  return 0;
}

// Takes two system calls, so it is done only where reads are stalled.
ReadKey key_of(ProcRoot& root, int32_t pid, int directory) {
  std::string_view text;
  StatText stat;
  if (!root.read(directory, "stat", text).ok() || !parse_stat(text, stat)) stat.start = 0;
  return {device_of(root.fd()), pid, stat.start};
}

}  // namespace

BlockingReads::~BlockingReads() {
  drop_all();
  end_reader();
  StalledReads::forget(this);
}

void BlockingReads::end_reader() {
  if (reader_ != nullptr) reader_->end();
  reader_ = nullptr;
}

void BlockingReads::begin() {
  used_ = true;
  refused_ = false;
  // A process keeps the permissions that it was started with.
  if (credentials_.have_changed()) end_reader();
  if (!StalledReads::is_empty()) StalledReads::sweep(monotonic_ms());
}

bool BlockingReads::rest() {
  if (used_) {
    used_ = false;
    return true;
  }
  end_reader();
  if (!StalledReads::is_empty()) StalledReads::sweep(monotonic_ms());
  return !StalledReads::is_empty();
}

bool BlockingReads::start_reader() {
  if (reader_ != nullptr || refused_) return reader_ != nullptr;
  reader_ = ReaderProcess::start(timeout_ + kLimit);
  refused_ = reader_ == nullptr;
  readers_++;
  return !refused_;
}

BlockingReads::File* BlockingReads::find(int directory, const char* name) {
  for (size_t i = 0; i < count_; i++) {
    File& file = file_at(i);
    // Names are those of the table of sources.
    if (file.is_wanted && file.directory == directory && file.name == name) return &file;
  }
  return nullptr;
}

BlockingReads::File& BlockingReads::add(ProcRoot& root, int32_t pid, int directory, const char* name) {
  File& file = file_at(count_++);
  file = {pid, directory, name, root.open_flags(), 0, true, {}};
  // Where the system allows no other process, take() reads it.
  if (start_reader()) file.number = reader_->hand_over(directory, name, file.flags, slot_of(file));
  return file;
}

// To a new reader: what the other one has read is with it.
void BlockingReads::hand_over_all() {
  if (!start_reader()) return;
  for (size_t i = 0; i < count_; i++) {
    File& file = file_at(i);
    if (is_handed_over(file)) file.number = reader_->hand_over(file.directory, file.name, file.flags, slot_of(file));
  }
  reader_->wake();
}

void BlockingReads::close_file(const File& file) {
  if (!is_handed_over(file)) return;
  const int opened = reader_->file(slot_of(file));
  if (opened >= 0) close(opened);
}

// Of a reader that is not in any of them.
void BlockingReads::close_files(const File* but) {
  for (size_t i = 0; i < count_; i++) {
    if (&file_at(i) != but) close_file(file_at(i));
  }
}

void BlockingReads::expect(ProcRoot& root, int32_t pid, int directory, const char* name) {
  double patience;
  // What was stuck before is looked at when it is its turn.
  if (!StalledReads::is_empty() && StalledReads::has(pid, patience)) return;
  if (has_room(1)) add(root, pid, directory, name);
}

void BlockingReads::drop(uint32_t before) {
  for (; count_ > 0 && dropped_ != before; count_--, dropped_++) {
    File& file = file_at(0);
    if (wait(nullptr, file, StalledReads::kPatience)) close_file(file);
    file.is_wanted = false;
    first_ = (first_ + 1) % kSlots;
  }
}

void BlockingReads::drop_all() {
  if (count_ > 0 && reader_ != nullptr) {
    reader_->withdraw();
    switch (reader_->wait(reader_->last(), StalledReads::kPatience)) {
      case ReaderProcess::Outcome::kRead:
        close_files();
        break;
      case ReaderProcess::Outcome::kStuck:
        leave_stuck(nullptr);
        break;
      case ReaderProcess::Outcome::kLost:
        close_files();
        end_reader();
        break;
    }
  }
  dropped_ += static_cast<uint32_t>(count_);
  count_ = 0;
}

Failure BlockingReads::read(ProcRoot& root, int32_t pid, int directory, const char* name, std::string_view& text) {
  File* const file = find(directory, name);
  if (file == nullptr) return read_unexpected(root, pid, directory, name, text);
  double patience = StalledReads::kPatience;
  if (!StalledReads::is_empty()) StalledReads::has(pid, patience);
  const Failure failure = take(root, *file, patience, text);
  close_file(*file);
  file->is_wanted = false;
  return failure;
}

// Behind all that are expected.
Failure BlockingReads::read_unexpected(ProcRoot& root, int32_t pid, int directory, const char* name, std::string_view& text) {
  double patience = StalledReads::kPatience;
  const bool is_known = !StalledReads::is_empty() && StalledReads::has(pid, patience);
  const ReadKey key = is_known ? key_of(root, pid, directory) : ReadKey{};
  if (is_known) {
    const Verdict verdict = StalledReads::look(key, patience);
    if (verdict != Verdict::kTry) return why_not(verdict);
  }
  File& file = add(root, pid, directory, name);
  start();
  const Failure failure = take(root, file, patience, text);
  close_file(file);
  count_--;
  if (is_known && failure.ok()) StalledReads::leave(key);
  return failure;
}

Failure BlockingReads::take(ProcRoot& root, File& file, double patience, std::string_view& text) {
  for (bool again = true; again;) {
    if (!wait(&root, file, patience)) {
      return file.failure.ok() ? root.read(file.directory, file.name, text) : file.failure;
    }
    const size_t slot = slot_of(file);
    const long got = reader_->result(slot);
    if (got < 0) return failure_of(static_cast<int>(-got), reader_->file(slot) < 0 ? "open" : "read");
    if (reader_->is_at_end(slot)) {
      text = {reader_->data(slot), static_cast<size_t>(got)};
      return {};
    }
    const Failure failure = read_rest(root, file, patience, again);
    if (!failure.ok()) return failure;
  }
  text = {text_.data(), text_.size()};
  return {};
}

// Into text_, of a file that is longer than its slot. It has to be read again if another reader has taken over.
Failure BlockingReads::read_rest(ProcRoot& root, File& file, double patience, bool& again) {
  text_.recycle();
  const uint32_t readers = readers_;
  again = false;
  for (size_t slot = slot_of(file);; slot = ReaderProcess::kWide) {
    const long got = reader_->result(slot);
    if (got < 0) return failure_of(static_cast<int>(-got), "read");
    if (text_.size() > kMaxText) return failure_of(EFBIG, "read");
    if (!text_.append(reader_->data(slot), static_cast<size_t>(got))) return failure_of(ENOMEM, "malloc");
    if (reader_->is_at_end(slot)) return {};
    file.number = reader_->hand_over(reader_->file(slot_of(file)), ReaderProcess::kWide);
    reader_->wake();
    const bool is_read = wait(&root, file, patience);
    again = file.failure.ok() && (!is_read || readers_ != readers);
    if (!is_read || again) return file.failure;
  }
}

// False where it has failed, or there is no reader. Without a root the file is not wanted: a reader that is stuck in it is
// ended.
bool BlockingReads::wait(ProcRoot* root, File& file, double patience) {
  while (is_handed_over(file)) {
    switch (reader_->wait(file.number, patience)) {
      case ReaderProcess::Outcome::kRead:
        return true;
      case ReaderProcess::Outcome::kStuck:
        leave_stuck(root);
        break;
      case ReaderProcess::Outcome::kLost:
        // By a signal that was not for it.
        close_files();
        file.failure = failure_of(EINTR, "read");
        end_reader();
        break;
    }
    hand_over_all();
  }
  return false;
}

// The reader stays where it is, and another one is to read the other files.
void BlockingReads::leave_stuck(ProcRoot* root) {
  reader_->withdraw();
  const uint32_t at = reader_->at();
  File* stuck = nullptr;
  for (size_t i = 0; i < count_; i++) {
    if (is_handed_over(file_at(i)) && file_at(i).number == at) stuck = &file_at(i);
  }
  close_files(stuck);
  ReaderProcess* const reader = reader_;
  reader_ = nullptr;
  // Without one it has gone on at last.
  if (stuck != nullptr) {
    reader->keep(at);
    stuck->is_wanted = false;
  }
  if (stuck == nullptr || root == nullptr) return reader->end();
  const ReadKey key = key_of(*root, stuck->pid, stuck->directory);
  stuck->is_wanted = true;
  stuck->failure = why_not(StalledReads::enter(key, reader, this, monotonic_ms(), timeout_));
}

Failure BlockingReads::why_not(StalledReads::Verdict verdict) {
  if (verdict == StalledReads::Verdict::kTimedOut) return failure_of(ETIMEDOUT, "read");
  return {Failure::Kind::kSystem, EAGAIN, kStalled, "read"};
}

}  // namespace psutil
