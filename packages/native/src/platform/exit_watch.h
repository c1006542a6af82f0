// Waits for processes to end, whether or not they are children. The contract of each system, in `exit_watch.cc` of its folder or of
// `kinfo/`. Nothing blocks: one descriptor is readable when there is something to take. It never waits for a child as wait(2)
// does: the status of the program's own children is left to the program.
#pragma once

#include <cstdint>
#include <memory>

#include "core/array.h"
#include "core/failure.h"
#include "platform/process_ref.h"

namespace psutil {

// A wait that is over.
struct Exit {
  static constexpr int32_t kUnknown = -1;
  uint32_t wait;
  int32_t status;  // as wait(2) encodes it; kUnknown where the system does not report it to this caller
};

class ExitWatch {
 public:
  explicit ExitWatch(const char* proc_root);
  ~ExitWatch();
  ExitWatch(const ExitWatch&) = delete;
  ExitWatch& operator=(const ExitWatch&) = delete;

  // Begins to wait for a process; `wait` is the number of this wait from then on. "Gone" where no such process is there. `held` is
  // a descriptor from hold(), which is the watch's from then on, also if this fails; or below 0.
  Failure begin(const ProcessRef& target, int held, uint32_t& wait);

  // Ends a wait and frees what it holds.
  void cancel(uint32_t wait);

  // Appends the waits that are over, whose numbers are free then. `again` is whether it is to be called again after kAgain
  // milliseconds, although the descriptor may not be readable: the status of a process that has ended may come with a delay. Once
  // it fails no wait may ever be over.
  Failure take(Array<Exit>& exits, bool& again);

  // Holds the process that has this number now, by a descriptor of the whole program, without blocking: so that it is the one that is
  // waited for, also if it has ended and its number is another's when the wait begins in another thread. The last descriptors
  // that the program may have are left to the rest of it: without one, no thread could begin the wait or read a status.
  static Failure hold(int32_t pid, int& held);
  static void release(int held);

  // What a loop polls; below 0 before the first wait has begun.
  int descriptor() const;

  static constexpr int kAgain = 20;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace psutil
