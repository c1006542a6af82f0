// Where parse_status() stops reading.
#include "harness/check.h"
#include "harness/plain_status.h"
#include "harness/recorded.h"
#include "platform/procfs/status.h"

using namespace psutil;

TEST("reading stops when everything that was asked for is there") {
  const std::string head = "Name:\ta\nUmask:\t0022\nState:\tS\nTgid:\t7\n";
  const StatusText status = parse_status(head + "PPid:\t3\nNSsid:\t1\n", bit(Field::umask));
  EXPECT_EQ(status.numbers.i32(Field::umask), 022);
  EXPECT_EQ(status.present & (bit(Field::ppid) | bit(Field::sid)), 0);
}

TEST("the thread group is read for any fields, so that a thread's id is never taken for a process") {
  const std::string text = check::recorded("status", "6.18-threads");
  for (size_t i = 0; i < kFieldCount; i++) {
    EXPECT_EQ(parse_status(text, FieldSet{1} << i).tgid, check::plain_status(text).tgid);
  }
}
