// platform/linux/bpf/cpu_times.h: how the kernel divides the time that a process ran.
#include "platform/linux/bpf/cpu_times.h"

#include <string>

#include "harness/check.h"

using namespace psutil;

namespace {

std::string text(const CpuTimes& times) { return std::to_string(times.user) + " " + std::to_string(times.system); }

}  // namespace

TEST("the time that a process ran is divided in the ratio of the samples") {
  EXPECT_EQ(text(adjusted({30, 10}, 1000, {})), "750 250");
  EXPECT_EQ(text(adjusted({1, 2}, 100, {})), "34 66");
}

TEST("without a sample of one kind all of the time is of the other, and without any it is user time") {
  EXPECT_EQ(text(adjusted({0, 7}, 100, {})), "0 100");
  EXPECT_EQ(text(adjusted({7, 0}, 100, {})), "100 0");
  EXPECT_EQ(text(adjusted({}, 100, {})), "100 0");
}

TEST("neither becomes less than it was, and a time that did not grow changes nothing") {
  EXPECT_EQ(text(adjusted({1, 1}, 100, {60, 10})), "60 40");
  EXPECT_EQ(text(adjusted({1, 1}, 100, {10, 60})), "40 60");
  EXPECT_EQ(text(adjusted({9, 1}, 70, {30, 40})), "30 40");
  EXPECT_EQ(text(adjusted({9, 1}, 60, {30, 40})), "30 40");
}

TEST("a product beyond 64 bits is exact") {
  constexpr uint64_t kYear = 31'536'000'000'000'000;
  EXPECT_EQ(text(adjusted({3 * kYear, kYear}, 4 * kYear + 4, {})), std::to_string(3 * kYear + 3) + " " + std::to_string(kYear + 1));
  EXPECT_EQ(text(adjusted({2, UINT64_MAX - 2}, UINT64_MAX, {})), "2 18446744073709551613");
  EXPECT_EQ(text(adjusted({UINT64_MAX - 3, 2}, 1ull << 63, {})), "9223372036854775807 1");
}
