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
#include <cstdlib>
#include <ctime>
#include <new>

#include "platform/linux/system_call.h"
#include "platform/shared/clock.h"

namespace psutil {
namespace {

constexpr size_t kStack = 32 * 1024;
constexpr double kEndingMs = 100;
constexpr double kPollMs = 0.2;
constexpr double kMostLimit = 1e9;
// A thread that waits is woken after so many more files, or so many milliseconds.
constexpr uint32_t kAtOnce = 8;
constexpr double kAtOnceMs = 1;
// How often a reader that has nothing to do looks whether its program is still there.
constexpr long kLookSeconds = 2;

timespec duration(double milliseconds) {
  const auto seconds = static_cast<time_t>(milliseconds / 1000);
  return {seconds, static_cast<long>((milliseconds - static_cast<double>(seconds) * 1000) * 1e6)};
}

// Whether a count has come to another one. They begin again at zero.
bool has_reached(uint32_t count, uint32_t other) { return static_cast<int32_t>(count - other) >= 0; }

enum State : uint32_t { kWaiting, kReading, kTakenBack };

// In that order for all threads: who sleeps says so before it looks for the last time, and who wakes others changes
// first what they look at.
uint32_t load(const uint32_t& from) { return __atomic_load_n(&from, __ATOMIC_SEQ_CST); }
void store(uint32_t& to, uint32_t value) { __atomic_store_n(&to, value, __ATOMIC_SEQ_CST); }
// Of a file that waits. False where the other one was faster.
bool change(uint32_t& state, uint32_t to) {
  uint32_t expected = kWaiting;
  return __atomic_compare_exchange_n(&state, &expected, to, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

// More than can be handed over before they are read.
constexpr uint32_t kQueue = 64;

struct Handed {
  uint32_t state;
  size_t slot;
};

struct Slot {
  int directory;
  const char* name;  // null where the file is open
  int flags;
  int file;  // -1 where it is not open
  bool at_end;
  long result;
};

}  // namespace

struct ReaderProcess::Shared {
  alignas(16) char stack[kStack];
  uint32_t handed;  // how many files there have been; the reader sleeps on it
  uint32_t read;    // how many of them are done with; the thread sleeps on it
  uint32_t wake_at;  // at which `read` the thread is to be woken
  uint32_t reader_sleeps;
  uint32_t thread_sleeps;
  uint32_t is_ending;
  pid_t program;
  itimerval limit;
  Handed queue[kQueue];
  Slot slots[kWide + 1];
  char narrow[kWide][kRoom];
  char wide[kWideRoom];
};

static_assert(kQueue > 2 * ReaderProcess::kWide - 1 && (kQueue & (kQueue - 1)) == 0);

uint32_t ReaderProcess::at() const { return load(shared_->read); }
uint32_t ReaderProcess::last() const { return shared_->handed - 1; }
long ReaderProcess::result(size_t slot) const { return shared_->slots[slot].result; }
const char* ReaderProcess::data(size_t slot) const { return slot == kWide ? shared_->wide : shared_->narrow[slot]; }
bool ReaderProcess::is_at_end(size_t slot) const { return shared_->slots[slot].at_end; }
bool ReaderProcess::is_finished() const { return has_reached(at(), kept_ + 1); }

int ReaderProcess::file(size_t slot) const { return shared_->slots[slot].file; }

void ReaderProcess::keep(uint32_t number) {
  kept_ = number;
  kept_slot_ = shared_->queue[number % kQueue].slot;
}

uint32_t ReaderProcess::hand_over(int file, size_t slot) {
  shared_->slots[slot] = {-1, nullptr, 0, file, false, 0};
  return queue(slot);
}

uint32_t ReaderProcess::hand_over(int directory, const char* name, int flags, size_t slot) {
  shared_->slots[slot] = {directory, name, flags, -1, false, 0};
  return queue(slot);
}

uint32_t ReaderProcess::queue(size_t slot) {
  const uint32_t number = shared_->handed;
  shared_->queue[number % kQueue] = {kWaiting, slot};
  store(shared_->handed, number + 1);
  return number;
}

void ReaderProcess::withdraw() {
  for (uint32_t number = at(); number != shared_->handed; number++) change(shared_->queue[number % kQueue].state, kTakenBack);
}

#ifdef PSUTIL_RAW_CALLS

namespace {

long address(const void* of) { return reinterpret_cast<long>(of); }

// Opens the file of a slot, and reads until the slot is full, or the file's end.
void read_into(Slot& slot, char* to, size_t room) {
  size_t length = 0;
  long got = 0;
  if (slot.name != nullptr) {
    do {
      got = raw_call(SYS_openat, slot.directory, address(slot.name), slot.flags);
    } while (got == -EINTR);
    slot.file = got < 0 ? -1 : static_cast<int>(got);
  }
  const bool is_open = got >= 0;
  while (is_open) {
    got = raw_call(SYS_read, slot.file, address(to + length), static_cast<long>(room - length));
    if (got == -EINTR) continue;
    if (got <= 0) break;
    length += static_cast<size_t>(got);
    if (length == room) break;
  }
  slot.at_end = is_open && got == 0;
  slot.result = got < 0 ? got : static_cast<long>(length);
}

}  // namespace

// What is behind the thread's register is the starter's. A sanitizer's marks for this frame would outlive its memory.
__attribute__((no_sanitize("address"))) int ReaderProcess::run(void* given) {
  Shared& shared = *static_cast<Shared*>(given);
  raw_call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
  raw_call(SYS_prctl, PR_SET_NAME, address("psutil-reader"));
  // Zeros are the default, which ends it. The handlers are its own.
  const uint64_t ends[4] = {};
  raw_call(SYS_rt_sigaction, SIGALRM, address(ends), 0, sizeof(uint64_t));
  const itimerval never = {};
  const timespec look = {kLookSeconds, 0};
  for (uint32_t number = 0;;) {
    const uint32_t handed = load(shared.handed);
    if (load(shared.is_ending) != 0) break;
    if (number == handed) {
      raw_call(SYS_setitimer, ITIMER_REAL, address(&never));
      // The signal at the end of its starter is subject to permissions, which may have changed.
      if (raw_call(SYS_getppid) != shared.program) break;
      store(shared.reader_sleeps, 1);
      if (load(shared.handed) == handed) {
        raw_call(SYS_futex, address(&shared.handed), FUTEX_WAIT_PRIVATE, handed, address(&look));
      }
      store(shared.reader_sleeps, 0);
      continue;
    }
    Handed& handed_over = shared.queue[number % kQueue];
    if (change(handed_over.state, kReading)) {
      Slot& slot = shared.slots[handed_over.slot];
      const bool wide = handed_over.slot == kWide;
      char* const to = wide ? shared.wide : shared.narrow[handed_over.slot];
      const size_t room = wide ? kWideRoom : kRoom;
      raw_call(SYS_setitimer, ITIMER_REAL, address(&shared.limit));
      read_into(slot, to, room);
    }
    store(shared.read, ++number);
    if (load(shared.thread_sleeps) != 0 && has_reached(number, load(shared.wake_at))) {
      store(shared.thread_sleeps, 0);
      raw_call(SYS_futex, address(&shared.read), FUTEX_WAKE_PRIVATE, 1);
    }
  }
  raw_call(SYS_exit_group, 0);
  return 0;
}

ReaderProcess* ReaderProcess::start(double limit) {
  void* const memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  auto* const shared = static_cast<Shared*>(memory);
  void* const storage = std::malloc(sizeof(ReaderProcess));
  if (storage == nullptr) {
    munmap(memory, sizeof(Shared));
    return nullptr;
  }
  auto* const reader = new (storage) ReaderProcess;
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
  std::free(storage);
  return nullptr;
}

// Only the reader says that it sleeps no longer: where nothing was handed over since it looked for the last time, this finds
// it awake, and it sleeps all the same.
void ReaderProcess::wake() {
  if (load(shared_->reader_sleeps) == 0) return;
  system_call(SYS_futex, address(&shared_->handed), FUTEX_WAKE_PRIVATE, 1);
}

ReaderProcess::Outcome ReaderProcess::wait(uint32_t number, double patience) {
  uint32_t read = load(shared_->read);
  if (has_reached(read, number + 1)) return Outcome::kRead;
  // Who waits has nothing else to do: the more is read when it goes on, the fewer switches there are.
  const uint32_t left = shared_->handed - number;
  store(shared_->wake_at, number + 1 + std::min(left - 1, kAtOnce));
  double since = 0;
  for (;;) {
    store(shared_->thread_sleeps, 1);
    const uint32_t now_read = load(shared_->read);
    if (has_reached(now_read, number + 1)) break;
    const double now = monotonic_ms();
    if (now_read != read || since == 0) since = now;
    read = now_read;
    const double waited = now - since;
    if (waited >= patience) {
      if (has_died()) return Outcome::kLost;
      return Outcome::kStuck;
    }
    const timespec wait = duration(std::min(patience - waited, kAtOnceMs));
    system_call(SYS_futex, address(&shared_->read), FUTEX_WAIT_PRIVATE, read, address(&wait));
  }
  store(shared_->thread_sleeps, 0);
  return Outcome::kRead;
}

#else

int ReaderProcess::run(void*) { return 0; }
ReaderProcess* ReaderProcess::start(double) { return nullptr; }
void ReaderProcess::wake() {}
ReaderProcess::Outcome ReaderProcess::wait(uint32_t, double) { return Outcome::kLost; }

#endif

bool ReaderProcess::is_reaped(bool waits) {
  if (reaped_) return true;
  const double until = monotonic_ms() + kEndingMs;
  do {
    const pid_t ended = waitpid(pid_, nullptr, __WALL | WNOHANG);
    if (ended == pid_ || (ended < 0 && errno == ECHILD)) return reaped_ = true;
    if (waits) {
      const timespec pause = duration(kPollMs);
      nanosleep(&pause, nullptr);
    }
  } while (waits && monotonic_ms() < until);
  return false;
}

bool ReaderProcess::has_died() { return is_reaped(false); }

void ReaderProcess::end() {
  if (!reaped_) {
    withdraw();
    store(shared_->is_ending, 1);
    // It looks again, even if it is about to sleep.
    store(shared_->handed, shared_->handed + 1);
    system_call(SYS_futex, reinterpret_cast<long>(&shared_->handed), FUTEX_WAKE_PRIVATE, 1);
    kill(pid_, SIGKILL);
  }
  // Where it cannot be killed, its memory stays with it.
  if (is_reaped(true)) {
    if (kept_slot_ <= kWide && file(kept_slot_) >= 0) close(file(kept_slot_));
    munmap(shared_, sizeof(Shared));
  }
  std::free(this);
}

}  // namespace psutil
