// What every simulated kernel is made of: a table of processes that a test's JavaScript fills, things that
// happen when a call is made, and counts of calls. A system's own kernel.cc lays it out in bytes with that
// system's headers. Code of both sides includes this, so it has nothing of either C library in it but
// fixed numbers, and no int64_t in a function's signature: systems spell that type differently.
#pragma once

#include <cstddef>
#include <cstdint>

namespace simulation {

// When the system began, until the clock is set: microseconds since the epoch.
constexpr uint64_t kFirstBoot = 1'700'000'000'000'000;

struct Process {
  static constexpr size_t kMaxGroups = 4096;
  static constexpr size_t kMaxLimits = 32;

  int32_t pid = 0;
  int32_t ppid = 0;
  int32_t pgid = 0;
  int32_t sid = 0;
  int32_t threads = 1;
  int32_t umask = 0;
  int32_t thread_id = 0;  // of a thread of it, where it is known by one; 0: none
  uint32_t state = 0;     // a psutil::State
  uint32_t uids[3] = {};  // real, effective, saved
  uint32_t gids[3] = {};
  uint32_t group_count = 0;
  uint32_t limit_count = 0;
  uint32_t denied = 0;     // a psutil::FieldSet, and kDeniedSet
  uint32_t unreaped = 0;   // it is about to end: only its number is still returned
  uint64_t start = 0;      // microseconds since boot
  uint64_t signals[5][2] = {};  // in the order of psutil::SignalSets
  uint64_t limits[kMaxLimits][2] = {};  // ~0: none
  uint32_t groups[kMaxGroups] = {};
  int32_t received = 0;  // the last signal that it was sent
  int32_t status = 0;    // how it ends, as wait(2) encodes it
  char name[64] = {};

  static constexpr uint32_t kDeniedSet = 1u << 31;
};

// What a call is to answer with, decided by the test.
struct Outcome {
  const char* error = nullptr;  // the errno's name
  bool cut = false;             // answer with `size` bytes alone
  size_t size = 0;
  bool patched = false;         // a number of the answer is `patch`; which one, the system's kernel.cc says
  uint64_t patch = 0;
};

// Called with the kernel held whenever a process has ended. Systems that report ends to those who wait define it.
void process_ended(const Process& process) __attribute__((weak));

// Holds the kernel, for a call of a worker thread or a change by the test.
class Held {
 public:
  Held();
  ~Held();
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  // Counts the call and lets happen what is to happen at it.
  Outcome call(const char* name, int32_t pid = 0);

  Process* find(int32_t pid);
  // The process that a thread of this id is of.
  Process* find_thread(int32_t id);
  size_t count() const;
  Process& at(size_t position);
  // Microseconds since the epoch, and since boot.
  uint64_t boot() const;
  uint64_t uptime() const;
};

}  // namespace simulation
