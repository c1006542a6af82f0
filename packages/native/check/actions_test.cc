// Changes to a process beside its limits, on Linux: each returns the values that it replaces.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "harness/check.h"
#include "platform/backend.h"

using namespace psutil;

namespace {

// A child that does nothing until it goes out of scope.
struct Child {
  Child() : pid(fork()) {
    if (pid == 0) {
      alarm(60);
      for (;;) pause();
    }
  }
  ~Child() {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
  }
  const int32_t pid;
};

Failure act(Backend& platform, ActionKind kind, const ProcessRef& target, const std::vector<uint64_t>& arguments,
            std::vector<uint64_t>& before) {
  ActionResult result;
  EXPECT(result.values.reserve(kMaxMaskWords));
  const Failure failure = platform.act({kind, target, arguments.data(), arguments.size()}, result);
  before.assign(result.values.data(), result.values.data() + result.values.size());
  return failure;
}

constexpr uint64_t kAll = 1;
constexpr uint64_t kBelowZero = ~uint64_t{0} - 1;  // -2

// A child has that of its parent, whatever the tests are run with.
uint64_t own_nice() { return static_cast<uint64_t>(int64_t{getpriority(PRIO_PROCESS, 0)}); }

// Two sets of arguments of each kind that every user may use.
struct Pair {
  ActionKind kind;
  std::vector<uint64_t> first, second;
  bool has_all;
};
const Pair kPairs[] = {
    {ActionKind::kNice, {0, 17}, {kAll, 18}, true},
    {ActionKind::kIoPriority, {0, 2, 6}, {kAll, 3, 0}, true},
    {ActionKind::kScheduler, {0, 3, 0}, {kAll, 4, 0}, true},
    {ActionKind::kOomScoreAdj, {500}, {600}, false},
};

}  // namespace

TEST("an action returns the values that it replaces") {
  Backend platform("/proc");
  const Child child;
  std::vector<uint64_t> before;
  for (const Pair& pair : kPairs) {
    EXPECT(act(platform, pair.kind, {child.pid}, pair.first, before).ok());
    EXPECT(act(platform, pair.kind, {child.pid}, pair.second, before).ok());
    EXPECT(before == std::vector<uint64_t>(pair.first.begin() + (pair.has_all ? 1 : 0), pair.first.end()));
  }
}

TEST("a mask of processors may be as long as an action's, and what is returned has no zeros at its end") {
  Backend platform("/proc");
  const Child child;
  std::vector<uint64_t> before;
  std::vector<uint64_t> everything(1 + kMaxMaskWords, ~uint64_t{0});
  EXPECT(act(platform, ActionKind::kAffinity, {child.pid}, everything, before).ok());
  EXPECT(!before.empty() && before.back() != 0);
  std::vector<uint64_t> again = before;
  again.insert(again.begin(), kAll);
  EXPECT(act(platform, ActionKind::kAffinity, {child.pid}, again, before).ok());
  EXPECT(before == std::vector<uint64_t>(again.begin() + 1, again.end()));
  EXPECT_EQ(act(platform, ActionKind::kAffinity, {child.pid}, {0, 0}, before).number, EINVAL);
}

TEST("an action changes no process but the one that is meant") {
  Backend platform("/proc");
  Backend files("/proc/.");
  const Child child;
  std::vector<uint64_t> before;
  for (const Pair& pair : kPairs) {
    for (const auto& arguments : {pair.first, pair.second}) {
      EXPECT_EQ(act(platform, pair.kind, {child.pid, 1}, arguments, before).kind, Failure::Kind::kGone);
      EXPECT_EQ(act(platform, pair.kind, {0}, arguments, before).kind, Failure::Kind::kGone);
      EXPECT_EQ(act(platform, pair.kind, {-1}, arguments, before).kind, Failure::Kind::kGone);
      EXPECT_EQ(act(files, pair.kind, {child.pid}, arguments, before).kind, Failure::Kind::kUnsupported);
      EXPECT(before.empty());
    }
  }
  EXPECT(act(platform, ActionKind::kNice, {child.pid}, {0, 19}, before).ok());
  EXPECT(before == std::vector<uint64_t>{own_nice()});
}

TEST("a number below zero is in two's complement, and what no kernel has is refused") {
  Backend platform("/proc");
  const Child child;
  std::vector<uint64_t> before;
  EXPECT_EQ(act(platform, ActionKind::kOomScoreAdj, {child.pid}, {2000}, before).number, EINVAL);
  const Failure lowered = act(platform, ActionKind::kNice, {child.pid}, {0, kBelowZero}, before);
  EXPECT(lowered.ok() || lowered.kind == Failure::Kind::kDenied);
  EXPECT(act(platform, ActionKind::kNice, {child.pid}, {0, 19}, before).ok());
  EXPECT(before == std::vector<uint64_t>{lowered.ok() ? kBelowZero : own_nice()});
  EXPECT_EQ(act(platform, ActionKind::kScheduler, {child.pid}, {0, 5, 0}, before).kind, Failure::Kind::kUnsupported);
  EXPECT_EQ(act(platform, ActionKind::kScheduler, {child.pid}, {0, 7, 0}, before).number, EINVAL);
  EXPECT_EQ(act(platform, ActionKind::kIoPriority, {child.pid}, {0, 4, 0}, before).number, EINVAL);
}
