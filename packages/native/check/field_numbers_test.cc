// core/field_numbers.h: integers that a parser finds.
#include "core/field_numbers.h"

#include "harness/check.h"

using namespace psutil;

namespace {

struct Scanned {
  bool ok;
  uint64_t bits;
};

Scanned scanned(Integer type, std::string_view text) {
  Scanner scanner(text);
  Scanned it = {};
  it.ok = scan_integer(type, scanner, it.bits);
  return it;
}

}  // namespace

TEST("an integer of each type is taken up to its ends") {
  EXPECT_EQ(scanned(Integer::kI32, "2147483647").bits, INT32_MAX);
  EXPECT_EQ(static_cast<int64_t>(scanned(Integer::kI32, " -20").bits), -20);
  EXPECT_EQ(scanned(Integer::kU32, "4294967295").bits, UINT32_MAX);
  EXPECT_EQ(scanned(Integer::kI64, "9223372036854775807").bits, INT64_MAX);
  EXPECT_EQ(static_cast<int64_t>(scanned(Integer::kI64, "-9223372036854775807").bits), -INT64_MAX);
  EXPECT_EQ(scanned(Integer::kU64, "18446744073709551615").bits, UINT64_MAX);
}

TEST("what a type cannot hold is none of its numbers") {
  EXPECT(!scanned(Integer::kI32, "2147483648").ok);
  EXPECT(!scanned(Integer::kI32, "-4294967297").ok);
  EXPECT(!scanned(Integer::kU32, "4294967296").ok);
  EXPECT(!scanned(Integer::kU32, "-1").ok);
  EXPECT(!scanned(Integer::kI64, "9223372036854775808").ok);
  EXPECT(!scanned(Integer::kU64, "18446744073709551616").ok);
  EXPECT(!scanned(Integer::kU64, "-1").ok);
  EXPECT(!scanned(Integer::kNone, "1").ok);
}

TEST("a number that was not found is 0, and is not among those that are present") {
  FieldNumbers numbers;
  Scanner scanner("-7 x");
  EXPECT(numbers.scan(Field::pgid, scanner));
  EXPECT(!numbers.scan(Field::sid, scanner));
  EXPECT(!numbers.scan(Field::groups, scanner));
  EXPECT_EQ(numbers.present(), bit(Field::pgid));
  EXPECT_EQ(numbers.i32(Field::pgid), -7);
  EXPECT_EQ(numbers.i32(Field::sid), 0);
}
