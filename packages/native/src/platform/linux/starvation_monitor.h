// Whether the program's main thread, which runs its event loop, waits for the processor that this thread uses.
#pragma once

#include <cstddef>
#include <cstdint>

namespace psutil {

// With few processors, a long read keeps other threads waiting. The kernel counts how long each thread was ready to run and did
// not run: /proc/PID/task/TID/schedstat, https://docs.kernel.org/scheduler/sched-stats.html
class StarvationMonitor {
 public:
  StarvationMonitor() = default;
  StarvationMonitor(const StarvationMonitor&) = delete;
  StarvationMonitor& operator=(const StarvationMonitor&) = delete;

  // Called when long work begins, and when it ends. The time between is not counted.
  void watch();
  void leave();

  // Whether the main thread is at work, and it or this thread has waited for a large part of the time since the last call. If this
  // thread waits, the threads that the main thread works with lack a processor too. Called every few processes. Always false if
  // the kernel does not count.
  bool is_starved();

 private:
  // The kernel's counts for a thread, in nanoseconds.
  struct Counted {
    int64_t ran = 0;
    int64_t waited = 0;
  };
  // The counts of one thread during the work.
  class Account {
   public:
    ~Account();
    // Returns false if the kernel does not count.
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
  int64_t wanted_ = 0;  // the main thread's share of a processor, in thousandths
};

}  // namespace psutil
