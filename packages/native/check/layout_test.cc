// platform/procfs/status.h, StatusLayout: a hint of where lines stand may save time, never change an answer.
#include "harness/check.h"
#include "harness/plain_status.h"
#include "harness/recorded.h"
#include "platform/procfs/status.h"

using namespace psutil;

namespace {

constexpr FieldSet kBehind = bit(Field::threads) | bit(Field::sigmasks);
constexpr FieldSet kAsked[] = {kAllFields, kBehind, bit(Field::threads), bit(Field::sigmasks), bit(Field::pgid)};

// Long enough that a wrong guess lands somewhere: every gap from nothing to past the end.
constexpr size_t kLongestGap = 1600;

}  // namespace

TEST("each file after each other one has the values that it has alone") {
  const std::vector<std::string> names = check::recorded_names("status");
  std::vector<check::Bytes> texts;
  for (const std::string& name : names) texts.emplace_back(check::recorded("status", name));
  for (size_t before = 0; before < names.size(); before++) {
    for (size_t i = 0; i < names.size(); i++) {
      check::About about(names[i] + " after " + names[before]);
      for (const FieldSet wanted : kAsked) {
        StatusLayout fresh;
        const StatusText alone = parse_status(texts[i].text(), wanted, fresh);
        StatusLayout kept;
        parse_status(texts[before].text(), kAllFields, kept);
        const StatusText after = parse_status(texts[i].text(), wanted, kept);
        EXPECT_SAME_STATUS(after, alone, wanted);
        // What was not asked for does not depend on the neighbour either.
        EXPECT_EQ(after.present, alone.present);
        EXPECT_EQ(after.has_state, alone.has_state);
      }
    }
  }
}

TEST("no gap, however wrong, changes the result") {
  for (const char* name : {"6.18-sleep", "6.18-kthreadd", "4.4-kernel-thread", "4.19-no-pid-namespaces"}) {
    const check::Bytes bytes(check::recorded("status", name));
    const StatusText plain = check::plain_status(bytes.text());
    for (size_t gap = 0; gap < kLongestGap; gap++) {
      check::About about(std::string(name) + " with a gap of " + std::to_string(gap));
      StatusLayout layout = {gap};
      EXPECT_SAME_STATUS(parse_status(bytes.text(), kAllFields, layout), plain, kAllFields);
    }
    StatusLayout huge = {SIZE_MAX};
    EXPECT_SAME_STATUS(parse_status(bytes.text(), kAllFields, huge), plain, kAllFields);
  }
}

TEST("a gap is believed only where a line begins") {
  // The gap of the first text ends in the middle of the second's VmName line.
  StatusLayout layout;
  parse_status("NSsid:\t1\nVmNam:\nThreads:\t5\n", kAllFields, layout);
  const StatusText status = parse_status("NSsid:\t1\nVmName:Threads:\t6\n", kAllFields, layout);
  EXPECT_EQ(status.present & bit(Field::threads), 0);
}

TEST("the gap that was found is kept, so that the next file of that kernel is skipped through") {
  const std::string text = check::recorded("status", "6.18-sleep");
  StatusLayout layout;
  parse_status(text, kAllFields, layout);
  const size_t behind = text.find('\n', text.find("NSsid:")) + 1;
  EXPECT_EQ(layout.gap, text.find("Threads:") - behind);
  const size_t found = layout.gap;
  parse_status(text, kAllFields, layout);
  EXPECT_EQ(layout.gap, found);
}

TEST("what lies in the gap is not looked at when the gap is right") {
  // Not a claim about any kernel: it shows that the skip is taken, without which the hint would be idle.
  std::string text = check::recorded("status", "6.18-sleep");
  StatusLayout layout;
  constexpr FieldSet kOthers = kAllFields & ~bit(Field::memoryDetail);
  parse_status(text, kOthers, layout);
  const size_t at = text.find("VmPeak:\t");
  text.replace(at, 8, "Umask:\t1");
  EXPECT_EQ(parse_status(text, kOthers, layout).numbers.i32(Field::umask), 022);
}

TEST("reading stops when everything that was asked for is there") {
  const std::string head = "Name:\ta\nUmask:\t0022\nState:\tS\nTgid:\t7\n";
  StatusLayout layout;
  const StatusText status = parse_status(head + "PPid:\t3\nNSsid:\t1\n", bit(Field::umask), layout);
  EXPECT_EQ(status.numbers.i32(Field::umask), 022);
  EXPECT_EQ(status.present & (bit(Field::ppid) | bit(Field::sid)), 0);
}

TEST("the thread group is read for any fields, so that a thread's id is never taken for a process") {
  const std::string text = check::recorded("status", "6.18-threads");
  for (size_t i = 0; i < kFieldCount; i++) {
    StatusLayout layout;
    EXPECT_EQ(parse_status(text, FieldSet{1} << i, layout).tgid, check::plain_status(text).tgid);
  }
}
