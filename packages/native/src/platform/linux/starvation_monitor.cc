#include "platform/linux/starvation_monitor.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "platform/shared/file.h"

namespace psutil {
namespace {

// Of work: long enough for a share of it to mean something, and shorter than a thread's time slice.
constexpr int64_t kStretch = 1000000;  // ns
// Every thread waits for a few percent of the time.
constexpr int64_t kPart = 8;
// From this share of a processor, in thousandths, the main thread counts as at work. The messages of several scanning threads
// alone take a tenth.
constexpr int64_t kBusy = 250;
// The weight of the earlier stretches against the last one.
constexpr int64_t kRemembered = 8;

int64_t now() {
  timespec time = {};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return int64_t{time.tv_sec} * 1000000000 + time.tv_nsec;
}

}  // namespace

StarvationMonitor::Account::~Account() {
  if (file_ >= 0) close(file_);
}

bool StarvationMonitor::Account::open(const char* path) {
  file_ = open_at(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  return file_ >= 0;
}

void StarvationMonitor::Account::note() {
  const Counted now = counted();
  since_.ran += now.ran - before_.ran;
  since_.waited += now.waited - before_.waited;
  before_ = now;
}

// The first two numbers of the file.
StarvationMonitor::Counted StarvationMonitor::Account::counted() const {
  char text[96];
  const ssize_t length = pread(file_, text, sizeof text, 0);
  int64_t numbers[2] = {};
  size_t at = 0;
  for (ssize_t i = 0; i < length && at < 2; i++) {
    if (text[i] == ' ') {
      at++;
    } else if (text[i] >= '0' && text[i] <= '9') {
      numbers[at] = numbers[at] * 10 + (text[i] - '0');
    }
  }
  return {numbers[0], numbers[1]};
}

void StarvationMonitor::watch() {
  if (state_ == State::kUntried) {
    char path[64];
    // The main thread's id is the PID.
    snprintf(path, sizeof path, "/proc/self/task/%d/schedstat", static_cast<int>(getpid()));
    state_ = main_.open(path) && own_.open("/proc/thread-self/schedstat") ? State::kCounts : State::kCountsNot;
  }
  if (state_ != State::kCounts) return;
  began_ = now();
  main_.begin();
  own_.begin();
}

void StarvationMonitor::note() {
  const int64_t time = now();
  worked_ += time - began_;
  began_ = time;
  main_.note();
  own_.note();
}

void StarvationMonitor::leave() {
  if (state_ == State::kCounts) note();
}

bool StarvationMonitor::is_starved() {
  if (state_ != State::kCounts || worked_ + now() - began_ < kStretch) return false;
  note();
  const int64_t wanted = 1000 * (main_.since().ran + main_.since().waited) / worked_;
  wanted_ += (wanted - wanted_) / kRemembered;
  const int64_t waited = std::max(main_.since().waited, own_.since().waited);
  const bool kept = wanted_ > kBusy && waited > worked_ / kPart;
  worked_ = 0;
  main_.clear();
  own_.clear();
  return kept;
}

}  // namespace psutil
