// Whether the program's main thread, which runs its event loop, lacks the processor that this one takes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace psutil {

// A thread that reads for long is in the way where processors are short. How long a thread was ready to run and did not,
// the kernel counts: /proc/PID/task/TID/schedstat, https://docs.kernel.org/scheduler/sched-stats.html
class MainThread {
 public:
  MainThread() = default;
  MainThread(const MainThread&) = delete;
  MainThread& operator=(const MainThread&) = delete;

  // Work that may last begins, or ends. What passes between two stretches of work is not its fault.
  void watch();
  void leave();

  // Whether it is at work, and it or this thread was kept waiting for a good part of the work since this was asked last:
  // where it is this one, those have no processor whom the main thread works with. Asked every few processes. Never so
  // where the kernel does not count.
  bool is_kept_waiting();

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
