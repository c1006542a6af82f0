// The end of one process, in a kqueue of its own: https://man.freebsd.org/cgi/man.cgi?kqueue(2). The kernel keeps the event, with
// how the process has ended, until it is taken: also if its parent has waited for it, and if its PID is another's by then.
#pragma once

#include <cstdint>

#include "core/failure.h"

namespace psutil {

class ExitEvent {
 public:
  explicit ExitEvent(int queue = -1) : queue_(queue) {}
  ~ExitEvent();
  ExitEvent(const ExitEvent&) = delete;
  ExitEvent& operator=(const ExitEvent&) = delete;

  // Of the process that has this PID now. "Gone" where there is none.
  Failure open(int32_t pid);

  // Readable when there may be an event to take.
  int get() const { return queue_; }
  // The caller closes it from now on.
  int release() {
    const int queue = queue_;
    queue_ = -1;
    return queue;
  }

  // Takes the event of a queue that open() has opened. Returns false if the process has not ended.
  static bool take(int queue, int32_t& status);

 private:
  int queue_;
};

}  // namespace psutil
