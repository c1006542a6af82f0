// platform/linux/long_slice.h: a thread that reads for long lets others run first.
#include "platform/linux/long_slice.h"

#include <sched.h>
#include <sys/resource.h>

#include <cerrno>
#include <thread>

#include "harness/check.h"
#include "platform/backend.h"

using namespace psutil;

namespace {

constexpr uint64_t kLongest = 100'000'000;

}  // namespace

// Before Linux 6.12 a thread has no such setting, and both are 0.
TEST("the slice of a thread is the longest while it is taken, and the one of before afterwards") {
  const uint64_t before = slice_of_thread();
  EXPECT(before < kLongest);
  LongSlice slice;
  for (int times = 0; times < 2; times++) {
    slice.take();
    EXPECT_EQ(slice_of_thread(), before > 0 ? kLongest : 0);
    slice.take();
    EXPECT_EQ(slice_of_thread(), before > 0 ? kLongest : 0);
    slice.give_back();
    EXPECT_EQ(slice_of_thread(), before);
  }
}

TEST("a slice that was not taken is not given back") {
  const uint64_t before = slice_of_thread();
  LongSlice().give_back();
  EXPECT_EQ(slice_of_thread(), before);
}

TEST("a longer slice leaves the nice value as it is") {
  // Of a thread of its own: only root may lower the value again.
  std::thread([] {
    EXPECT_EQ(setpriority(PRIO_PROCESS, 0, 7), 0);
    LongSlice slice;
    slice.take();
    errno = 0;
    EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 7);
    slice.give_back();
    EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 7);
  }).join();
}

TEST("a thread of another policy has no slice, and keeps its policy") {
  std::thread([] {
    const sched_param none = {};
    EXPECT_EQ(sched_setscheduler(0, SCHED_IDLE, &none), 0);
    LongSlice slice;
    slice.take();
    EXPECT_EQ(slice_of_thread(), 0);
    EXPECT_EQ(sched_getscheduler(0), SCHED_IDLE);
  }).join();
}

TEST("a thread has a long slice from the first part of a reading to the last, and to another read") {
  const uint64_t before = slice_of_thread();
  Backend platform("/proc");
  const auto read = [&platform](bool is_sampled, size_t max) {
    ReadRequest request = {};
    request.kind = ReadKind::kCursor;
    request.fields = bit(Field::cpuTimes);
    request.listed = request.drop_gone = true;
    request.sampled = is_sampled;
    request.cursor = {1, 0, max};
    TableBuilder table;
    SourceCounts counts;
    EXPECT(platform.read(request, table, counts));
    return slice_of_thread();
  };
  const uint64_t during = before > 0 ? kLongest : 0;
  EXPECT_EQ(read(true, 1), during);
  EXPECT_EQ(read(true, SIZE_MAX), before);
  EXPECT_EQ(read(true, 1), during);
  EXPECT_EQ(read(false, 1), before);
}
