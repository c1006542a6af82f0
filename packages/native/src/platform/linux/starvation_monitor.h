// Whether the program's main thread, which runs its event loop, waits for the processor that this thread uses.
#pragma once

#include <cstddef>
#include <cstdint>

namespace psutil {

// Where processors are few, a thread that reads for long keeps others from them. The kernel counts how long each thread
// was ready to run and did not: /proc/PID/task/TID/schedstat, https://docs.kernel.org/scheduler/sched-stats.html
class StarvationMonitor {
 public:
  StarvationMonitor() = default;
  StarvationMonitor(const StarvationMonitor&) = delete;
  StarvationMonitor& operator=(const StarvationMonitor&) = delete;

  // Long work begins, or ends. What passes between two stretches of work does not count.
  void watch();
  void leave();

  // Whether the main thread is at work, and it or this thread waited for a good part of the work since the last call.
  // Where this thread waits, the threads that the main thread works with have no processor either. It is called every
  // few processes. Always false where the kernel does not count.
  bool is_starved();

 private:
  // What the kernel has counted of a thread, in nanoseconds.
  struct Counted {
    int64_t ran = 0;
    int64_t waited = 0;
  };
  // Of one thread, while work is watched.
  class Account {
   public:
    ~Account();
    // False where the kernel does not count.
    bool open(const char* path);
    void begin() { before_ = counted(); }
    // Adds what has been counted since.
    void note();
    void clear() { since_ = {}; }
    const Counted& since() const { return since_; }

   private:
    Counted counted() const;
    int file_ = -1;
    Counted before_;
    Counted since_;
  };

  void note();

  enum class State { kUntried, kCounts, kCountsNot };
  State state_ = State::kUntried;
  Account main_;
  Account own_;
  int64_t began_ = 0;
  int64_t worked_ = 0;
  int64_t wanted_ = 0;  // by the main thread, in thousandths of a processor
};

}  // namespace psutil
