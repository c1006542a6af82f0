// platform/procfs/fdinfo.h: /proc/PID/fdinfo/N.
#include "platform/procfs/fdinfo.h"

#include "harness/check.h"
#include "harness/recorded.h"

using namespace psutil;

namespace {

struct Parsed {
  explicit Parsed(std::string_view text) : bytes(text), ok(parse_fdinfo(bytes.text(), info)) {}
  check::Bytes bytes;
  FdInfo info;
  bool ok;
};

}  // namespace

TEST("position, flags and inode are read") {
  const Parsed it("pos:\t4294967296\nflags:\t02100002\nmnt_id:\t29\nino:\t1058\n");
  EXPECT(it.ok);
  EXPECT_EQ(it.info.position, uint64_t{1} << 32);
  EXPECT_EQ(it.info.flags, 02100002u);
  EXPECT_EQ(it.info.inode, 1058);
}

TEST("before Linux 5.14 there is no inode") {
  const Parsed it("pos:\t0\nflags:\t0100000\n");
  EXPECT(it.ok);
  EXPECT_EQ(it.info.inode, 0);
}

TEST("what a kind of file adds changes nothing") {
  const Parsed it("pos:\t7\nflags:\t02\nmnt_id:\t15\nino:\t5\ntfd: 3 events: 19 pos:8 ino:9\npos:\t9\nflags:\t07\nino:\t6\n");
  EXPECT(it.ok);
  EXPECT_EQ(it.info.position, 7);
  EXPECT_EQ(it.info.flags, 2);
  EXPECT_EQ(it.info.inode, 5);
}

TEST("a text that is cut before its flags is refused") {
  const std::string whole = "pos:\t12\nflags:\t02\n";
  for (size_t length = 0; length < whole.size(); length++) EXPECT(!Parsed(whole.substr(0, length)).ok);
  EXPECT(Parsed(whole).ok);
  EXPECT(!Parsed("pos:\t-1\nflags:\t02\n").ok);
  EXPECT(!Parsed("pos:\t1\nflags:\t9\n").ok);
}
