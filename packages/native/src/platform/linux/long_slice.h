// Long work of this thread lets every other thread of the program go first.
#pragma once

#include <cstdint>

namespace psutil {

// While it is taken, the kernel plans to let this thread run for a tenth of a second at a stretch. Since Linux 6.12 a thread with a
// shorter slice that has something to do, such as an event loop, then gets the processor at once. With equal slices it waits until
// this thread has run for one: some milliseconds. The thread's share of the processor stays the same. For readings of a sampler, which
// are short and have pauses between them: of scans without a pause a server would get less of the processor, see StarvationMonitor.
// https://docs.kernel.org/scheduler/sched-eevdf.html
class LongSlice {
 public:
  LongSlice() = default;
  LongSlice(const LongSlice&) = delete;
  LongSlice& operator=(const LongSlice&) = delete;

  void take();
  void give_back();

 private:
  uint64_t before_ = 0;  // nanoseconds; 0 where the slice is as it was
};

// The slice of this thread in nanoseconds; 0 where the kernel has no such setting, or another policy uses it for something else.
uint64_t slice_of_thread();

}  // namespace psutil
