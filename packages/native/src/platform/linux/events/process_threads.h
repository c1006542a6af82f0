// What is known of the threads of processes, for a source of events that reports threads.
#pragma once

#include <cstdint>

#include "core/array.h"
#include "platform/linux/proc_root.h"

namespace psutil {

class ProcessThreads {
 public:
  // False where memory has run out.
  bool begun(int32_t process) { return add(process, 1); }
  bool ended(int32_t process) { return add(process, -1); }
  // The thread that has made the call is the only one, and the main thread.
  void executed(int32_t process);
  // Of messages that were lost, some may have been of threads.
  void lost();

  // Whether one lives that has begun since. Those that are older are not counted.
  bool lives(int32_t process) const { return find(process) != kNone; }

  // Processes whose main thread has ended while others lived. False where memory has run out.
  bool put_leaderless(int32_t process) { return leaderless_.push(process); }
  // Whether it was one; from here on it is not.
  bool take_leaderless(int32_t process);
  // Looks for those whose main threads ended before the first message, or in messages that were lost, if there may be some. This
  // reads a file of each process of the machine.
  bool look_for_leaderless(ProcRoot& root);

 private:
  struct Count {
    int32_t process;
    int32_t threads;
  };
  static constexpr size_t kNone = SIZE_MAX;

  bool add(int32_t process, int32_t more);
  size_t find(int32_t process) const;
  void forget(size_t place);

  Array<Count> counts_;
  Array<int32_t> leaderless_;
  bool is_unsure_ = true;
};

// Whether a thread lives that is not the main one. Threads that have ended are gone, but a tracer keeps them.
bool has_living_thread(ProcRoot& root, int32_t process);

}  // namespace psutil
