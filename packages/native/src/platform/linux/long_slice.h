// Long work of this thread lets every other thread of the program go first.
#pragma once

#include <cstdint>

namespace psutil {

// While it lives, the kernel plans to let this thread run for a tenth of a second at a stretch. Since Linux 6.12 a thread with a
// shorter slice that has something to do, such as an event loop, then gets the processor at once. With equal slices it waits until
// this thread has run for one: some milliseconds. The thread's share of the processor stays the same.
// https://docs.kernel.org/scheduler/sched-eevdf.html
class LongSlice {
 public:
  explicit LongSlice(bool is_wanted = true);
  ~LongSlice();
  LongSlice(const LongSlice&) = delete;
  LongSlice& operator=(const LongSlice&) = delete;

 private:
  uint64_t before_ = 0;  // nanoseconds; 0 where the slice was left as it is
};

// The slice of this thread in nanoseconds; 0 where the kernel has no such setting, or another policy uses it for something else.
uint64_t slice_of_thread();

}  // namespace psutil
