// platform/procfs/stat.h: /proc/PID/stat.
#include "platform/procfs/stat.h"

#include "harness/check.h"
#include "harness/recorded.h"

using psutil::Field;
using psutil::parse_stat;
using psutil::StatText;

namespace {

struct Parsed {
  explicit Parsed(std::string_view text) : bytes(text), ok(parse_stat(bytes.text(), stat)) {}
  check::Bytes bytes;
  StatText stat;
  bool ok;
};

Parsed parsed(std::string_view name) { return Parsed(check::recorded("stat", name)); }

// A line of a process with this name, followed by these fields.
std::string line(std::string_view name, std::string_view behind = "S 2 3 4 0 -1 0 0 0 0 0 0 0 0 0 20 0 7 0 88 0 0") {
  return "1 (" + std::string(name) + ") " + std::string(behind) + "\n";
}

}  // namespace

TEST("every field of a process whose values all differ is distinguished") {
  const Parsed it = parsed("6.18-all-differ");
  EXPECT(it.ok);
  EXPECT_EQ(it.stat.name, "differs");
  EXPECT_EQ(it.stat.state, 'S');
  EXPECT_EQ(it.stat.numbers.i32(Field::ppid), 4259);
  EXPECT_EQ(it.stat.numbers.i32(Field::pgid), 4314);
  EXPECT_EQ(it.stat.numbers.i32(Field::sid), 3105);
  EXPECT_EQ(it.stat.numbers.i32(Field::threads), 3);
  EXPECT_EQ(it.stat.start, 219535);
}

TEST("every recorded kernel is read") {
  for (const std::string& name : check::recorded_names("stat")) {
    check::About about(name);
    EXPECT(parsed(name).ok);
  }
}

TEST("an older kernel and a sandbox write fewer fields or zeros behind the start time") {
  EXPECT_EQ(parsed("3.1-normal").stat.start, 88213);
  EXPECT_EQ(parsed("gvisor").stat.start, 1204);
}

TEST("a kernel thread, a zombie and a stopped process have their states") {
  EXPECT_EQ(parsed("6.18-kworker").stat.state, 'I');
  EXPECT_EQ(parsed("6.18-kworker").stat.name, "kworker/R-kvfree_rcu_reclaim");
  EXPECT_EQ(parsed("6.18-zombie").stat.state, 'Z');
  EXPECT_EQ(parsed("6.18-stopped").stat.state, 'T');
}

TEST("a process that is being reaped has a group and session of -1 and no threads") {
  const Parsed it = parsed("6.1-being-reaped");
  EXPECT_EQ(it.stat.numbers.i32(Field::pgid), -1);
  EXPECT_EQ(it.stat.numbers.i32(Field::sid), -1);
  EXPECT_EQ(it.stat.numbers.i32(Field::ppid), 0);
  EXPECT_EQ(it.stat.numbers.i32(Field::threads), 0);
}

TEST("a name is any bytes, and stands there without escapes") {
  EXPECT_EQ(parsed("6.18-name-parentheses").stat.name, "a) R 1 (b) (");
  EXPECT_EQ(parsed("6.18-name-like-a-line").stat.name, "\nUmask:\t0777\n");
  EXPECT_EQ(parsed("6.18-name-backslashes").stat.name, "\\n\\\\\n\\");
  EXPECT_EQ(parsed("6.18-name-not-utf8").stat.name, "\xff\xfe(\x80 \xc3\r\t\xe2\x82");
  EXPECT_EQ(parsed("6.18-name-empty").stat.name, "");
}

TEST("a name that looks like the fields behind it changes none of them") {
  for (const char* name : {") Z 1 1 1 (", "))))", "((((", ") ", "x) R 9 9 9 9 9", "\n", "1 (a) S"}) {
    check::About about(name);
    const Parsed it(line(name));
    EXPECT(it.ok);
    EXPECT_EQ(it.stat.name, name);
    EXPECT_EQ(it.stat.state, 'S');
    EXPECT_EQ(it.stat.numbers.i32(Field::ppid), 2);
    EXPECT_EQ(it.stat.numbers.i32(Field::pgid), 3);
    EXPECT_EQ(it.stat.numbers.i32(Field::sid), 4);
    EXPECT_EQ(it.stat.numbers.i32(Field::threads), 7);
    EXPECT_EQ(it.stat.start, 88);
  }
}

TEST("a start time of 64 bits is returned whole") {
  const Parsed it(line("a", "S 2 3 4 0 -1 0 0 0 0 0 0 0 0 0 20 0 7 0 18446744073709551615 0 0"));
  EXPECT(it.ok);
  EXPECT_EQ(it.stat.start, UINT64_MAX);
}

TEST("what is no such file is refused") {
  for (const char* text :
       {"", "\n", "1", "1 (a", "1 a) S 2 3 4", ")(", "1 ) S 2 3 4 0 0 0 0 0 0 0 0 0 0 0 0 0 1 0 9 0 ("}) {
    check::About about(text);
    EXPECT(!Parsed(text).ok);
  }
}

TEST("a field that is missing or no number is refused") {
  for (const char* behind :
       {"", "S", "SS 2 3 4 0 -1 0 0 0 0 0 0 0 0 0 20 0 7 0 88 0", "S x 3 4 0 -1 0 0 0 0 0 0 0 0 0 20 0 7 0 88 0",
        "S 2 x 4 0 -1 0 0 0 0 0 0 0 0 0 20 0 7 0 88 0", "S 2 3 x 0 -1 0 0 0 0 0 0 0 0 0 20 0 7 0 88 0",
        "S 2 3 4 0 -1 0 0 0 0 0 0 0 0 0 20 0 x 0 88 0", "S 2 3 4 0 -1 0 0 0 0 0 0 0 0 0 20 0 7 0 x 0",
        "S 2 3 4 0 -1 0 0 0 0 0 0 0 0 0 20 0 7 0", "S 2 3 4 0 -1 0 0 0 0 0 0 0 0 0 20 0 7 0 18446744073709551616 0",
        "S 2 3 4 0 -1 0 0 0 0 0 0 0 0 0 20 0 7 0 -1 0", "S  2 3 4 0 -1 0 0 0 0 0 0 0 0 0 20 0 7 0 88 0",
        "S 2\t3 4 0 -1 0 0 0 0 0 0 0 0 0 20 0 7 0 88 0",
        " S 2 3 4 0 -1 0 0 0 0 0 0 0 0 0 20 0 7 0 88 0"}) {
    check::About about(behind);
    EXPECT(!Parsed(line("a", behind)).ok);
  }
}
