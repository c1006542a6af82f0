#include "platform/linux/main_thread.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>

#include "platform/posix/file.h"


namespace psutil {
namespace {

// Of work: long enough for a part of it to mean something, less than the scheduler gives a thread at a time.
constexpr int64_t kStretch = 1000000;  // ns
// It waits for a few percent of any time, as everybody does.
constexpr int64_t kPart = 8;

int64_t now() {
  timespec time = {};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return int64_t{time.tv_sec} * 1000000000 + time.tv_nsec;
}

}  // namespace

MainThread::~MainThread() {
  if (file_ >= 0) close(file_);
}

void MainThread::watch() {
  if (file_ == kUntried) {
    char path[64];
    // The main thread's id is the process's.
    snprintf(path, sizeof path, "/proc/self/task/%d/schedstat", static_cast<int>(getpid()));
    file_ = open_at(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (file_ < 0) file_ = kNone;
  }
  since_ = now();
  waited_before_ = waited();
}

void MainThread::note() {
  const int64_t time = now();
  const int64_t waited_now = waited();
  worked_ += time - since_;
  waited_ += waited_now - waited_before_;
  since_ = time;
  waited_before_ = waited_now;
}

void MainThread::leave() {
  if (file_ >= 0) note();
}

bool MainThread::is_kept_waiting() {
  if (file_ < 0 || worked_ + now() - since_ < kStretch) return false;
  note();
  const bool kept = waited_ > worked_ / kPart;
  worked_ = 0;
  waited_ = 0;
  return kept;
}

// The second of its numbers: nanoseconds.
int64_t MainThread::waited() {
  if (file_ < 0) return 0;
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
  return numbers[1];
}

}  // namespace psutil
