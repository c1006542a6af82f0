// core/packed_value.h: the parts of a list follow each other, as lib/protocol/values.ts reads them.
#include "core/packed_value.h"

#include <cstring>

#include "harness/check.h"

using namespace psutil;

TEST("texts have their lengths before them, and numbers and optional members follow unaligned") {
  Array<uint8_t> bytes;
  PackedValue value(bytes);
  value.text("ab");
  value.present(false);
  value.present(true);
  value.number(uint64_t{1} << 40);
  value.text("");
  EXPECT(value.ok());
  const uint8_t wanted[] = {2, 0, 0, 0, 'a', 'b', 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};
  EXPECT_EQ(value.size(), sizeof wanted);
  EXPECT(std::memcmp(value.data(), wanted, sizeof wanted) == 0);
}

TEST("a value that is begun anew holds nothing of the one before") {
  Array<uint8_t> bytes;
  PackedValue(bytes).text("before");
  PackedValue value(bytes);
  value.number(uint8_t{7});
  EXPECT_EQ(value.size(), 1);
}
