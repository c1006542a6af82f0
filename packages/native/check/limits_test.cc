// platform/procfs/limits.h: /proc/PID/limits.
#include "platform/procfs/limits.h"

#include <sys/resource.h>

#include "harness/check.h"
#include "harness/recorded.h"

using namespace psutil;

namespace {

struct Parsed {
  explicit Parsed(std::string_view text) : bytes(text), ok(parse_limits(bytes.text(), limits)) {}
  void expect(int resource, uint64_t soft, uint64_t hard) const {
    check::About about("resource " + std::to_string(resource));
    EXPECT_EQ(limits[resource].soft, soft);
    EXPECT_EQ(limits[resource].hard, hard);
  }
  check::Bytes bytes;
  Limit limits[kResources] = {};
  bool ok;
};

std::string with(std::string text, std::string_view before, std::string_view after) {
  const size_t at = text.find(before);
  EXPECT(at != std::string::npos);
  return text.replace(at, before.size(), after);
}

// A row as the kernel pads it: https://github.com/torvalds/linux/blob/v6.6/fs/proc/base.c, proc_pid_limits().
std::string row(std::string_view name, std::string_view soft, std::string_view hard) {
  const auto padded = [](std::string_view text, size_t width) {
    return std::string(text) + std::string(width - std::min(width, text.size()), ' ') + ' ';
  };
  return padded(name, 25) + padded(soft, 20) + padded(hard, 20);
}

std::string normal() { return check::recorded("limits", "6.18-sleep"); }

}  // namespace

TEST("every limit of a process whose limits all differ is distinguished") {
  const Parsed it(check::recorded("limits", "6.18-all-differ"));
  EXPECT(it.ok);
  it.expect(RLIMIT_CPU, 3600, 7200);
  it.expect(RLIMIT_FSIZE, 0, 99);
  it.expect(RLIMIT_DATA, UINT64_MAX - 1, UINT64_MAX);
  it.expect(RLIMIT_STACK, 1048576, UINT64_MAX - 2);
  it.expect(RLIMIT_CORE, 1, 2);
  it.expect(RLIMIT_RSS, 77, 88);
  it.expect(RLIMIT_NPROC, 1000, 2000);
  it.expect(RLIMIT_NOFILE, 256, 512);
  it.expect(RLIMIT_MEMLOCK, 4096, 8192);
  it.expect(RLIMIT_AS, INT64_MAX, uint64_t{1} << 63);
  it.expect(RLIMIT_LOCKS, 10, 11);
  it.expect(RLIMIT_SIGPENDING, 12, 13);
  it.expect(RLIMIT_MSGQUEUE, 100, 200);
  it.expect(RLIMIT_NICE, 0, 0);
  it.expect(RLIMIT_RTPRIO, 0, 0);
  it.expect(RLIMIT_RTTIME, 950000, 1000000);
}

TEST("limits without a unit are read like the others") {
  const std::string nice = with(normal(), row("Max nice priority", "0", "0"), row("Max nice priority", "5", "7"));
  const Parsed it(with(nice, row("Max realtime priority", "0", "0"), row("Max realtime priority", "3", "9")));
  EXPECT(it.ok);
  it.expect(RLIMIT_NICE, 5, 7);
  it.expect(RLIMIT_RTPRIO, 3, 9);
}

TEST("unlimited is all bits set") {
  const Parsed it(normal());
  EXPECT(it.ok);
  it.expect(RLIMIT_CPU, UINT64_MAX, UINT64_MAX);
  it.expect(RLIMIT_STACK, 8388608, UINT64_MAX);
}

TEST("the largest number is read as a number, and one more refused") {
  const std::string text = normal();
  const std::string stack = row("Max stack size", "8388608", "unlimited");
  const Parsed max(with(text, stack, row("Max stack size", "18446744073709551615", "unlimited")));
  EXPECT(max.ok);
  max.expect(RLIMIT_STACK, UINT64_MAX, UINT64_MAX);
  EXPECT(!Parsed(with(text, stack, row("Max stack size", "18446744073709551616", "unlimited"))).ok);
  EXPECT(!Parsed(with(text, stack, row("Max stack size", "8388608", "18446744073709551616"))).ok);
}

TEST("a kernel thread, a zombie and RHEL 7 have all of them") {
  for (const char* name : {"6.18-kthreadd", "6.18-zombie", "3.10-rhel7"}) {
    check::About about(name);
    EXPECT(Parsed(check::recorded("limits", name)).ok);
  }
}

TEST("rows are known by their names, in whatever order an architecture prints them") {
  const Parsed mips(check::recorded("limits", "mips-order"));
  const Parsed usual(check::recorded("limits", "3.10-rhel7"));
  EXPECT(mips.ok);
  for (size_t i = 0; i < kResources; i++) usual.expect(static_cast<int>(i), mips.limits[i].soft, mips.limits[i].hard);
}

TEST("a kernel that lacks a resource is refused, not filled up with zeros") {
  EXPECT(!Parsed(check::recorded("limits", "2.6.24-no-realtime-timeout")).ok);
}

TEST("each row is needed") {
  const std::string text = normal();
  size_t from = text.find('\n') + 1;  // behind the head line
  for (size_t row = 0; row < kResources; row++) {
    check::About about("without row " + std::to_string(row));
    const size_t end = text.find('\n', from) + 1;
    std::string less = text;
    EXPECT(!Parsed(less.erase(from, end - from)).ok);
    from = end;
  }
}

TEST("an unknown row is skipped") {
  EXPECT(Parsed(normal() + row("Max imagined thing", "many", "more") + "things    \n").ok);
}

TEST("a row whose values are no numbers is refused") {
  const std::string text = normal();
  const struct {
    const char* soft;
    const char* hard;
  } odds[] = {{"", ""}, {"8388608", ""}, {"unlimite", "unlimited"}, {"-1", "-1"}, {"8388608k", "unlimited"},
              {"8388608", "unlimitedx"}, {"0x10", "0x10"}};
  for (const auto& odd : odds) {
    check::About about(std::string("soft ") + odd.soft + ", hard " + odd.hard);
    const std::string stack = row("Max stack size", "8388608", "unlimited");
    EXPECT(!Parsed(with(text, stack, row("Max stack size", odd.soft, odd.hard))).ok);
  }
}

TEST("an empty file is refused") { EXPECT(!Parsed("").ok); }
