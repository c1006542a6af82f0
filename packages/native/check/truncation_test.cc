// Files that end too early, at every length. A kernel never writes one, but a copy of a proc tree may have one. The parsers
// must not read another value from half a line: a line without its end is no line.
#include "harness/check.h"
#include "harness/plain_status.h"
#include "harness/recorded.h"
#include "platform/procfs/limits.h"
#include "platform/procfs/stat.h"
#include "platform/procfs/status.h"

using namespace psutil;

TEST("a status that is cut anywhere has the values of its whole lines") {
  for (const std::string& name : check::recorded_names("status")) {
    const std::string text = check::recorded("status", name);
    // Nothing is read after the signal sets: the first lengths there are enough.
    const size_t longest = std::min(text.size(), text.find("CapInh:") + 20);
    parse_status(text, kAllFields);
    for (size_t length = 0; length <= longest; length++) {
      check::About about(name + " cut at " + std::to_string(length));
      const check::Bytes cut(std::string_view(text).substr(0, length));
      EXPECT_SAME_STATUS(parse_status(cut.text(), kAllFields), check::plain_status(cut.text()), kAllFields);
    }
  }
}

TEST("a status that is cut within a value does not return a shorter value") {
  for (const char* text : {"Threads:\t12", "Umask:\t002", "NSpgid:\t43", "Uid:\t1\t2\t3", "State:\tS", "Name:\tnod",
                           "Groups:\t1 2 3", "PPid:\t1", "NSsid:\t1", "Gid:\t1\t2\t3\t4"}) {
    check::About about(text);
    EXPECT_EQ(parse_status(text, kAllFields).present, 0);
    EXPECT(parse_status(std::string(text) + "\n", kAllFields).present != 0);
  }
}

TEST("a stat that is cut anywhere is rejected or has the same values") {
  for (const std::string& name : check::recorded_names("stat")) {
    const std::string text = check::recorded("stat", name);
    StatText whole;
    EXPECT(parse_stat(text, whole));
    for (size_t length = 0; length < text.size(); length++) {
      check::About about(name + " cut at " + std::to_string(length));
      const check::Bytes cut(std::string_view(text).substr(0, length));
      StatText found;
      if (!parse_stat(cut.text(), found)) continue;
      EXPECT_EQ(found.name, whole.name);
      EXPECT_EQ(found.state, whole.state);
      EXPECT_EQ(found.numbers.i32(Field::ppid), whole.numbers.i32(Field::ppid));
      EXPECT_EQ(found.numbers.i32(Field::pgid), whole.numbers.i32(Field::pgid));
      EXPECT_EQ(found.numbers.i32(Field::sid), whole.numbers.i32(Field::sid));
      EXPECT_EQ(found.numbers.i32(Field::threads), whole.numbers.i32(Field::threads));
      EXPECT_EQ(found.start, whole.start);
    }
  }
}

TEST("limits that are cut anywhere are refused, but for what stands behind the last line") {
  for (const std::string& name : check::recorded_names("limits")) {
    const std::string text = check::recorded("limits", name);
    for (size_t length = 0; length < text.size(); length++) {
      check::About about(name + " cut at " + std::to_string(length));
      const check::Bytes cut(std::string_view(text).substr(0, length));
      Limit limits[kResources];
      EXPECT(!parse_limits(cut.text(), limits));
    }
  }
}
