// platform/procfs/status.h: /proc/PID/status of every recorded kernel.
#include "platform/procfs/status.h"

#include "harness/check.h"
#include "harness/plain_status.h"
#include "harness/recorded.h"
#include "platform/linux/source_table.h"

using namespace psutil;

namespace {

// The text is kept, because the values that were read point into it.
struct Parsed {
  explicit Parsed(std::string_view text, FieldSet wanted = kAllFields) : bytes(text) {
    status = parse_status(bytes.text(), wanted);
  }
  bool has(Field field) const { return (status.present & bit(field)) != 0; }
  check::Bytes bytes;
  StatusText status;
};

Parsed parsed(std::string_view name, FieldSet wanted = kAllFields) {
  return Parsed(check::recorded("status", name), wanted);
}

constexpr FieldSet kStatusFields = row_of(Source::kStatus).provides;

uint64_t set(const Parsed& of, SignalSets::Set which) { return of.status.signals.sets[which][0]; }

}  // namespace

TEST("every field of a process whose values all differ is distinguished") {
  const Parsed it = parsed("6.18-all-differ");
  EXPECT_EQ(it.status.present, kStatusFields);
  EXPECT_EQ(it.status.name, "differs");
  EXPECT_EQ(it.status.numbers.i32(Field::umask), 027);
  EXPECT_EQ(it.status.state, 'S');
  EXPECT_EQ(it.status.tgid, 4314);
  EXPECT_EQ(it.status.numbers.i32(Field::ppid), 4259);
  EXPECT_EQ(it.status.numbers.i32(Field::pgid), 4314);
  EXPECT_EQ(it.status.numbers.i32(Field::sid), 3105);
  EXPECT_EQ(it.status.numbers.i32(Field::threads), 3);
  for (uint32_t i = 0; i < 3; i++) {
    EXPECT_EQ(it.status.uids[i], 1001 + i);
    EXPECT_EQ(it.status.gids[i], 2001 + i);
  }
}

TEST("each signal set is distinguished, the first signal and the 64th among them") {
  const Parsed it = parsed("6.18-all-differ");
  EXPECT_EQ(it.status.signals.known, 0x1f);
  EXPECT_EQ(set(it, SignalSets::kPending), 0x800);
  EXPECT_EQ(set(it, SignalSets::kProcessPending), 0x200);
  EXPECT_EQ(set(it, SignalSets::kBlocked), 0x8000000000000a00u);
  EXPECT_EQ(set(it, SignalSets::kIgnored), 0x1001001);
  EXPECT_EQ(set(it, SignalSets::kCaught), 0x100004002);
}

TEST("each recorded file has the values that a slow reading of it finds, for any fields") {
  for (const std::string& name : check::recorded_names("status")) {
    check::About about(name);
    const std::string text = check::recorded("status", name);
    const StatusText plain = check::plain_status(text);
    for (size_t i = 0; i < kFieldCount; i++) {
      const FieldSet one = FieldSet{1} << i;
      EXPECT_SAME_STATUS(Parsed(text, one).status, plain, one);
      EXPECT_SAME_STATUS(Parsed(text, kAllFields & ~one).status, plain, kAllFields & ~one);
    }
    EXPECT_SAME_STATUS(Parsed(text).status, plain, kAllFields);
  }
}

TEST("a process that was reaped meanwhile is recognized by its threads, unless the fields need none") {
  for (size_t i = 0; i < kFieldCount; i++) EXPECT(parsed("6.1-being-reaped", FieldSet{1} << i).status.reaped);
  // The process ended after its state was written, and before its process group was.
  std::string text = check::recorded("status", "6.1-being-reaped");
  text.replace(text.find("X (dead)"), 8, "R (runs)");
  EXPECT(Parsed(text, bit(Field::pgid)).status.reaped);
  EXPECT(Parsed(text, bit(Field::ppid)).status.reaped);
  EXPECT(Parsed(text, bit(Field::sigmasks)).status.reaped);
  for (const char* name : {"6.18-zombie", "6.18-kthreadd", "6.18-group-outside", "gvisor"}) {
    check::About about(name);
    for (size_t i = 0; i < kFieldCount; i++) EXPECT(!parsed(name, FieldSet{1} << i).status.reaped);
  }
}

TEST("a kernel before 4.7 has no umask") {
  for (const char* name : {"3.1-signed-ids", "3.10-rhel7", "4.4-normal", "4.4-kernel-thread"}) {
    check::About about(name);
    EXPECT(!parsed(name).has(Field::umask));
  }
}

TEST("a kernel without PID namespaces, or before 4.1, has no group and session of processes") {
  for (const char* name : {"3.1-signed-ids", "3.10-rhel7", "4.19-no-pid-namespaces"}) {
    check::About about(name);
    const Parsed it = parsed(name);
    EXPECT_EQ(it.status.present & (bit(Field::pgid) | bit(Field::sid)), 0);
    EXPECT(it.has(Field::threads) && it.has(Field::sigmasks));
  }
}

TEST("a zombie has no umask, and its state is returned along with the lack of it") {
  const Parsed it = parsed("6.18-zombie", bit(Field::umask));
  EXPECT(!it.has(Field::umask));
  EXPECT(it.status.has_state);
  EXPECT_EQ(it.status.state, 'Z');
}

TEST("a kernel thread has the lines that it has") {
  const Parsed it = parsed("6.18-kworker");
  EXPECT_EQ(it.status.present, kStatusFields);
  EXPECT_EQ(it.status.name, "kworker/R-kvfree_rcu_reclaim");
  EXPECT_EQ(it.status.state, 'I');
  EXPECT_EQ(it.status.numbers.i32(Field::pgid), 0);
  EXPECT_EQ(set(it, SignalSets::kIgnored), UINT64_MAX);
}

TEST("the first number of a nested process is the reader's") {
  const Parsed it = parsed("6.18-nested-namespaces");
  EXPECT_EQ(it.status.numbers.i32(Field::pgid), 4320);
  EXPECT_EQ(it.status.numbers.i32(Field::sid), 4320);
}

TEST("a group and session outside the reader's namespace are returned as 0") {
  const Parsed it = parsed("6.18-group-outside");
  EXPECT(it.has(Field::pgid) && it.has(Field::sid));
  EXPECT_EQ(it.status.numbers.i32(Field::pgid), 0);
  EXPECT_EQ(it.status.numbers.i32(Field::sid), 0);
}

TEST("a sandbox that leaves most lines out is read for the others") {
  const Parsed it = parsed("gvisor");
  EXPECT_EQ(it.status.present, bit(Field::name) | bit(Field::state) | bit(Field::ppid) | bit(Field::threads) |
                                   bit(Field::memoryDetail) | bit(Field::seccomp));
  EXPECT_EQ(it.status.numbers.i32(Field::threads), 1);
}

TEST("a name that contains another line's key is only a name") {
  const Parsed it = parsed("6.18-name-like-a-line");
  EXPECT_EQ(it.status.numbers.i32(Field::umask), 022);
  EXPECT_EQ(it.status.name, "\\nUmask:\t0777\\n");
}

TEST("three ids are returned or none") {
  EXPECT(Parsed("Uid:\t1\t2\t3\t4\n").has(Field::uids));
  EXPECT(Parsed("Gid:\t1\t2\t3\n").has(Field::gids));
  EXPECT(!Parsed("Uid:\t1\t2\n").has(Field::uids));
  EXPECT(!Parsed("Gid:\t1\t2\t4294967296\n").has(Field::gids));
}

TEST("ids that were printed as signed are the ids they were") {
  const Parsed it = parsed("3.1-signed-ids");
  EXPECT(it.has(Field::uids) && it.has(Field::gids));
  EXPECT_EQ(it.status.uids[0], 4294967294u);
  EXPECT_EQ(it.status.gids[0], 3000000000u);
  EXPECT_EQ(it.status.gids[1], 2147483648u);
  EXPECT_EQ(it.status.gids[2], 100);
}

TEST("a value that is no number is not returned") {
  const Parsed it(
      "Umask:\t9\nState:\t\nTgid:\tx\nPPid:\t99999999999\nUid:\t\nGid:\ta\tb\tc\nNSpgid:\t\nNSsid:\t-\n"
      "Threads:\tmany\n");
  EXPECT_EQ(it.status.present, 0);
  EXPECT_EQ(it.status.tgid, 0);
}

TEST("a key counts only at the beginning of a line, and in full") {
  const Parsed it(" Umask:\t0777\nXUid:\t1\t1\t1\nThreads\t3\nNSpgid\nNSsid2:\t1\numask:\t1\nPPidX:\t4\n");
  EXPECT_EQ(it.status.present, 0);
}

TEST("signal sets need pending, blocked, ignored and caught, and those of the process where there are some") {
  const std::string four = "SigPnd:\t1\nSigBlk:\t2\nSigIgn:\t4\nSigCgt:\t8\n";
  const Parsed without(four);
  EXPECT(without.has(Field::sigmasks));
  EXPECT_EQ(without.status.signals.known, 0xf);
  EXPECT_EQ(set(without, SignalSets::kProcessPending), 0);
  EXPECT_EQ(Parsed(four + "ShdPnd:\t10\n").status.signals.known, 0x1f);
  for (size_t i = 0; i < 4; i++) {
    std::string three = four;
    EXPECT(!Parsed(three.erase(i * 10, 10)).has(Field::sigmasks));
  }
}

TEST("sets of more than 64 signals, as MIPS has, are left out rather than cut") {
  std::string text = check::recorded("status", "5.4-normal");
  for (const char* key : {"SigPnd:\t", "ShdPnd:\t", "SigBlk:\t", "SigIgn:\t", "SigCgt:\t"}) {
    text.insert(text.find(key) + 8, "0000000000000000");
  }
  const Parsed it(text);
  EXPECT_EQ(it.status.present, kStatusFields & ~bit(Field::sigmasks));
}

TEST("an empty text, and one of line ends alone, has no fields") {
  EXPECT_EQ(Parsed("").status.present, 0);
  EXPECT_EQ(Parsed("\n\n\n").status.present, 0);
  EXPECT_EQ(parse_status({}, kAllFields).present, 0);
}
