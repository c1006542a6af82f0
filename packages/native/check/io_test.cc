// platform/procfs/io.h: /proc/PID/io.
#include "platform/procfs/io.h"

#include <string>

#include "harness/check.h"
#include "harness/recorded.h"

using namespace psutil;

namespace {

const std::string kText =
    "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\nwrite_bytes: 6\ncancelled_write_bytes: 18446744073709551615\n";

bool parse(std::string_view text, IoText& io) {
  const check::Bytes bytes(text);
  return parse_io(bytes.text(), io);
}

}  // namespace

TEST("the values stand in the order of the schema") {
  IoText io;
  EXPECT(parse(kText, io));
  const double wanted[] = {5, 6, 1, 2, 3, 4};
  for (size_t i = 0; i < 6; i++) EXPECT_EQ(io.values[i], wanted[i]);
  EXPECT_EQ(io.values[6], 18446744073709551615.0);
}

TEST("a text that lacks a line or is cut is refused") {
  for (size_t length = 0; length < kText.size(); length++) {
    IoText io;
    EXPECT(!parse(std::string_view(kText).substr(0, length), io));
  }
}
