// platform/linux/long_slice.h: a thread that reads for long lets others run first.
#include "platform/linux/long_slice.h"

#include <sched.h>
#include <sys/resource.h>

#include <cerrno>
#include <thread>

#include "harness/check.h"

using namespace psutil;

namespace {

constexpr uint64_t kLongest = 100'000'000;

}  // namespace

// Before Linux 6.12 a thread has no such setting, and both are 0.
TEST("the slice of a thread is the longest while it reads, and the one of before afterwards") {
  const uint64_t before = slice_of_thread();
  const uint64_t during = before > 0 ? kLongest : 0;
  EXPECT(before < kLongest);
  {
    const LongSlice slice;
    EXPECT_EQ(slice_of_thread(), during);
    {
      const LongSlice inner;
      EXPECT_EQ(slice_of_thread(), during);
    }
    EXPECT_EQ(slice_of_thread(), during);
  }
  EXPECT_EQ(slice_of_thread(), before);
}

TEST("the slice of a thread stays as it is if no longer one is wanted") {
  const uint64_t before = slice_of_thread();
  const LongSlice slice(false);
  EXPECT_EQ(slice_of_thread(), before);
}

TEST("a longer slice leaves the nice value as it is") {
  // Of a thread of its own: only root may lower the value again.
  std::thread([] {
    EXPECT_EQ(setpriority(PRIO_PROCESS, 0, 7), 0);
    {
      const LongSlice slice;
      errno = 0;
      EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 7);
    }
    EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 7);
  }).join();
}

TEST("a thread of another policy has no slice, and keeps its policy") {
  std::thread([] {
    const sched_param none = {};
    EXPECT_EQ(sched_setscheduler(0, SCHED_IDLE, &none), 0);
    const LongSlice slice;
    EXPECT_EQ(slice_of_thread(), 0);
    EXPECT_EQ(sched_getscheduler(0), SCHED_IDLE);
  }).join();
}
