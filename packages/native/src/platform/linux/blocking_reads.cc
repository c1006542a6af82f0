#include "platform/linux/blocking_reads.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "platform/procfs/stat.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

// Of 65,000 mappings, smaps has less than a quarter.
constexpr size_t kMaxText = 256 * 1024 * 1024;
// By then it is over, or has been ended.
constexpr double kLimit = 1000;

using Verdict = StalledReads::Verdict;

double now() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1000 + static_cast<double>(now.tv_nsec) / 1e6;
}

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
  // A process keeps the user that it was started as.
  if (reader_ != nullptr && (geteuid() != user_ || getegid() != group_)) end_reader();
  if (!StalledReads::is_empty()) StalledReads::sweep(now());
}

bool BlockingReads::rest() {
  if (used_) {
    used_ = false;
    return true;
  }
  end_reader();
  if (!StalledReads::is_empty()) StalledReads::sweep(now());
  return !StalledReads::is_empty();
}

bool BlockingReads::start_reader() {
  if (reader_ != nullptr || refused_) return reader_ != nullptr;
  user_ = geteuid();
  group_ = getegid();
  reader_ = ReaderProcess::start(timeout_ + kLimit);
  refused_ = reader_ == nullptr;
  return !refused_;
}

Failure BlockingReads::read(ProcRoot& root, int32_t pid, int directory, const char* name, std::string_view& text) {
  double patience = StalledReads::kPatience;
  const bool is_known = !StalledReads::is_empty() && StalledReads::has(pid, patience);
  const ReadKey key = is_known ? key_of(root, pid, directory) : ReadKey{};
  if (is_known) {
    const Verdict verdict = StalledReads::look(key, patience);
    if (verdict != Verdict::kTry) return why_not(verdict);
  }
  const int file = root.open_file(directory, name);
  if (file < 0) return failure_of(errno, "open");
  Failure failure;
  if (!start_reader()) {
    // The system allows no other process.
    failure = root.read_open(file, text);
  } else if (!fill(file, patience, failure)) {
    ReaderProcess* const stuck = reader_;
    reader_ = nullptr;
    if (!stuck->has_died()) {
      return why_not(StalledReads::enter(is_known ? key : key_of(root, pid, directory), stuck, this, now(), timeout_));
    }
    // By a signal that was not for it.
    stuck->end();
    return failure_of(EINTR, "read");
  } else {
    text = {text_.data(), text_.size()};
  }
  close(file);
  if (is_known && failure.ok()) StalledReads::leave(key);
  return failure;
}

// False where the reader makes no progress.
bool BlockingReads::fill(int file, double patience, Failure& failure) {
  text_.recycle();
  do {
    if (!reader_->read(file, patience)) return false;
    const long got = reader_->result();
    if (got < 0) failure = failure_of(static_cast<int>(-got), "read");
    else if (text_.size() > kMaxText) failure = failure_of(EFBIG, "read");
    else if (!text_.append(reader_->data(), static_cast<size_t>(got))) failure = failure_of(ENOMEM, "malloc");
  } while (failure.ok() && !reader_->is_at_end());
  return true;
}

Failure BlockingReads::why_not(StalledReads::Verdict verdict) {
  if (verdict == StalledReads::Verdict::kTimedOut) return failure_of(ETIMEDOUT, "read");
  return {Failure::Kind::kSystem, EAGAIN, kStalled, "read"};
}

}  // namespace psutil
