#include "platform/linux/reader_process.h"

#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <new>

#include "platform/linux/system_call.h"

namespace psutil {

namespace {

enum State : uint32_t { kIdle, kReading, kDone, kEnding };

constexpr size_t kStack = 32 * 1024;
constexpr double kEndingMs = 100;
constexpr double kPollMs = 0.2;
constexpr double kMostLimit = 1e9;
// How often a reader that has nothing to do looks whether its program is still there.
constexpr long kLookSeconds = 2;

timespec duration(double milliseconds) {
  const auto seconds = static_cast<time_t>(milliseconds / 1000);
  return {seconds, static_cast<long>((milliseconds - static_cast<double>(seconds) * 1000) * 1e6)};
}

double milliseconds_now() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1000 + static_cast<double>(now.tv_nsec) / 1e6;
}

}  // namespace

struct ReaderProcess::Shared {
  alignas(16) char stack[kStack];
  uint32_t state;  // a futex
  int file;
  long result;
  bool at_end;
  pid_t program;
  itimerval limit;
  char buffer[kRoom];
};

long ReaderProcess::result() const { return shared_->result; }
const char* ReaderProcess::data() const { return shared_->buffer; }
bool ReaderProcess::is_at_end() const { return shared_->at_end; }
bool ReaderProcess::is_finished() const { return __atomic_load_n(&shared_->state, __ATOMIC_ACQUIRE) != kReading; }

#ifdef PSUTIL_RAW_CALLS

namespace {

long address(const void* of) { return reinterpret_cast<long>(of); }

}  // namespace

// In the reader process. The stack protector's value and all else behind the thread's register are the starter's.
int ReaderProcess::run(void* given) {
  Shared& shared = *static_cast<Shared*>(given);
  raw_call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
  raw_call(SYS_prctl, PR_SET_NAME, address("psutil-reader"));
  // Zeros are the default, which ends it. The handlers are its own.
  const uint64_t ends[4] = {};
  raw_call(SYS_rt_sigaction, SIGALRM, address(ends), 0, sizeof(uint64_t));
  const itimerval never = {};
  const timespec look = {kLookSeconds, 0};
  for (;;) {
    const uint32_t state = __atomic_load_n(&shared.state, __ATOMIC_ACQUIRE);
    // The signal at the end of its starter is subject to permissions, which may have changed.
    if (state == kEnding || raw_call(SYS_getppid) != shared.program) break;
    if (state != kReading) {
      raw_call(SYS_futex, address(&shared.state), FUTEX_WAIT_PRIVATE, state, address(&look));
      continue;
    }
    raw_call(SYS_setitimer, ITIMER_REAL, address(&shared.limit));
    size_t length = 0;
    long got;
    do {
      got = raw_call(SYS_read, shared.file, address(shared.buffer + length), static_cast<long>(kRoom - length));
      if (got > 0) length += static_cast<size_t>(got);
    } while ((got > 0 && length < kRoom) || got == -EINTR);
    raw_call(SYS_setitimer, ITIMER_REAL, address(&never));
    shared.at_end = got == 0;
    shared.result = got < 0 ? got : static_cast<long>(length);
    uint32_t expected = kReading;
    __atomic_compare_exchange_n(&shared.state, &expected, kDone, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
    raw_call(SYS_futex, address(&shared.state), FUTEX_WAKE_PRIVATE, 1);
  }
  raw_call(SYS_exit_group, 0);
  return 0;
}

ReaderProcess* ReaderProcess::start(double limit) {
  void* const memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  auto* const shared = static_cast<Shared*>(memory);
  auto* const reader = new (std::nothrow) ReaderProcess;
  if (reader == nullptr) {
    munmap(memory, sizeof(Shared));
    return nullptr;
  }
  reader->shared_ = shared;
  shared->program = getpid();
  const timespec after = duration(std::min(limit, kMostLimit));
  shared->limit.it_value = {after.tv_sec, after.tv_nsec / 1000 + 1};
  // A signal to the process group, such as that of Ctrl-C, is for the program, whose handlers it would run a second time.
  // Raw, since the C library leaves its own signals out. SIGALRM ends it at the limit.
  uint64_t all = ~uint64_t{0} & ~(uint64_t{1} << (SIGALRM - 1));
  uint64_t before = 0;
  raw_call(SYS_rt_sigprocmask, SIG_SETMASK, address(&all), address(&before), sizeof all);
  reader->pid_ = clone(run, shared->stack + kStack, CLONE_VM | CLONE_FS | CLONE_FILES, shared);
  raw_call(SYS_rt_sigprocmask, SIG_SETMASK, address(&before), 0, sizeof before);
  if (reader->pid_ >= 0) return reader;
  munmap(memory, sizeof(Shared));
  delete reader;
  return nullptr;
}

bool ReaderProcess::read(int file, double patience) {
  shared_->file = file_ = file;
  __atomic_store_n(&shared_->state, kReading, __ATOMIC_RELEASE);
  system_call(SYS_futex, address(&shared_->state), FUTEX_WAKE_PRIVATE, 1);
  double until = 0;
  while (!is_finished()) {
    const timespec wait = duration(patience);
    system_call(SYS_futex, address(&shared_->state), FUTEX_WAIT_PRIVATE, kReading, address(&wait));
    if (is_finished()) break;
    // A signal came between, or the time has passed.
    const double now = milliseconds_now();
    if (errno == ETIMEDOUT || (until != 0 && now >= until)) {
      owns_file_ = true;
      return false;
    }
    if (until == 0) until = now + patience;
  }
  return true;
}

#else

int ReaderProcess::run(void*) { return 0; }
ReaderProcess* ReaderProcess::start(double) { return nullptr; }
bool ReaderProcess::read(int, double) { return false; }

#endif

bool ReaderProcess::is_reaped(bool waits) {
  if (reaped_) return true;
  const double until = milliseconds_now() + kEndingMs;
  do {
    const pid_t ended = waitpid(pid_, nullptr, __WALL | WNOHANG);
    if (ended == pid_ || (ended < 0 && errno == ECHILD)) return reaped_ = true;
    if (waits) {
      const timespec pause = duration(kPollMs);
      nanosleep(&pause, nullptr);
    }
  } while (waits && milliseconds_now() < until);
  return false;
}

bool ReaderProcess::has_died() { return is_reaped(false); }

void ReaderProcess::end() {
  if (!reaped_) {
    __atomic_store_n(&shared_->state, kEnding, __ATOMIC_RELEASE);
    system_call(SYS_futex, reinterpret_cast<long>(&shared_->state), FUTEX_WAKE_PRIVATE, 1);
    kill(pid_, SIGKILL);
  }
  // Where it cannot be killed, its memory stays with it.
  if (is_reaped(true)) {
    munmap(shared_, sizeof(Shared));
    if (owns_file_) close(file_);
  }
  delete this;
}

}  // namespace psutil
