// Whether the program's main thread, which runs its event loop, waits for a processor while this one works.
#pragma once

#include <cstddef>
#include <cstdint>

namespace psutil {

// A thread that reads for long is in the way where processors are short. How long the main thread was ready to run and
// did not, the kernel counts: /proc/PID/task/TID/schedstat, https://docs.kernel.org/scheduler/sched-stats.html
class MainThread {
 public:
  MainThread() = default;
  ~MainThread();
  MainThread(const MainThread&) = delete;
  MainThread& operator=(const MainThread&) = delete;

  // Work that may last begins, or ends. What passes between two stretches of work is not its fault.
  void watch();
  void leave();

  // Whether it was kept waiting for a good part of the work since this was true last; asked every few processes. Never
  // so where the kernel does not count.
  bool is_kept_waiting();

 private:
  void note();
  int64_t waited();

  static constexpr int kUntried = -1;
  static constexpr int kNone = -2;
  int file_ = kUntried;
  int64_t since_ = 0;
  int64_t waited_before_ = 0;
  int64_t worked_ = 0;
  int64_t waited_ = 0;
};

}  // namespace psutil
