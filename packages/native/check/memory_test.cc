// A lack of memory is a failure, and no crash. https://man7.org/linux/man-pages/man3/realloc.3.html
#include <vector>

#include "core/array.h"
#include "core/table_builder.h"
#include "core/dictionary.h"
#include "harness/check.h"
#include "harness/scarcity.h"
#include "platform/procfs/status.h"
#include "platform/procfs/status_value.h"

using namespace psutil;

TEST("an array that cannot grow keeps what it has") {
  Array<uint32_t> array;
  EXPECT(array.push(1));
  EXPECT(array.resize(array.capacity()));
  array[0] = 7;
  const size_t size = array.size();
  check::Scarcity none(0);
  const uint32_t more[] = {1, 2, 3};
  EXPECT(!array.push(2));
  EXPECT(!array.append(more, 3));
  EXPECT(!array.resize(size + 1));
  EXPECT(!array.reserve(size + 1));
  EXPECT_EQ(array.size(), size);
  EXPECT_EQ(array[0], 7);
}

TEST("an array larger than there are addresses is refused before anything is asked of the system") {
  Array<uint64_t> array;
  EXPECT(!array.reserve(SIZE_MAX / 8 + 1));
  EXPECT(!array.resize(SIZE_MAX));
  EXPECT_EQ(array.size(), 0);
}

TEST("an array grows by doubling, and is given back when it has grown past what is kept") {
  Array<char> array;
  EXPECT(array.append("abc", 3));
  EXPECT(array.append(nullptr, 0));
  EXPECT(array.reserve(4));
  EXPECT_EQ(array.capacity(), 6);
  array.shrink(6);
  EXPECT_EQ(array.size(), 3);
  array.shrink(5);
  EXPECT_EQ(array.size(), 0);
  EXPECT_EQ(array.capacity(), 0);
}

TEST("an array's storage is given back when several uses in a row needed little of it") {
  constexpr size_t kLarge = 1 << 20;
  Array<char> array;
  const auto use = [&array](size_t size) {
    array.recycle();
    EXPECT_EQ(array.size(), 0);
    EXPECT(array.resize(size));
  };
  use(kLarge);
  for (unsigned i = 0; i < Array<char>::kIdleUses; i++) use(1);
  EXPECT_EQ(array.capacity(), kLarge);
  use(kLarge);  // needed again: counting begins anew
  for (unsigned i = 0; i < Array<char>::kIdleUses; i++) use(1);
  EXPECT_EQ(array.capacity(), kLarge);
  use(1);
  EXPECT_EQ(array.capacity(), 1);
  // Small storage is never freed.
  use(Array<char>::kKept);
  for (unsigned i = 0; i < 3 * Array<char>::kIdleUses; i++) use(1);
  EXPECT_EQ(array.capacity(), Array<char>::kKept);
}

TEST("a table frees the memory of a large frame, also of fields that are not requested again") {
  TableBuilder table;
  EXPECT(table.begin(kAllFields, 100'000));
  for (int32_t i = 0; i < 100'000; i++) {
    table.open_row(i);
    table.put_variable(Field::name, &i, sizeof i);
    table.put_variable(Field::rlimits, &i, sizeof i);
    table.fail(Field::umask, {Failure::Kind::kGone, 3, "ESRCH", "open"});
    table.keep_row();
  }
  for (int i = 0; i < 20; i++) {
    EXPECT(table.begin(bit(Field::pgid), 1));
    table.open_row(1);
    table.put_i32(Field::pgid, 1);
    table.keep_row();
  }
  EXPECT(table.allocated() <= Array<uint8_t>::kKept);
  EXPECT(table.failures().capacity() * sizeof(FailureRecord) <= Array<uint8_t>::kKept);
  for (const Field field : {Field::name, Field::rlimits}) EXPECT(table.dictionary(field).footprint() < 300'000);
}

TEST("a name and groups that find no memory are reported") {
  Array<char> name;
  Array<uint32_t> groups;
  check::Scarcity none(0);
  EXPECT(!unescape_name("node", name));
  EXPECT(!parse_groups("1 2 3", groups));
}

TEST("a list of groups that runs out of memory in its middle is not returned as a shorter one") {
  Array<uint32_t> groups;
  check::Scarcity two(2);
  EXPECT(!parse_groups("1 2 3 4 5 6 7 8 9", groups));
}

TEST("a dictionary that cannot grow says so, and knows what it knew, wherever memory ran out") {
  for (size_t left = 0; left < 8; left++) {
    check::About about(std::to_string(left) + " allocations");
    Dictionary dictionary;
    std::vector<uint32_t> numbers;
    {
      check::Scarcity few(left);
      for (uint32_t i = 0; i < 200; i++) numbers.push_back(dictionary.intern(&i, sizeof i));
    }
    uint32_t known = 0;
    for (uint32_t i = 0; i < 200; i++) {
      if (numbers[i] == Dictionary::kNone) continue;
      EXPECT_EQ(numbers[i], known++);
      EXPECT_EQ(dictionary.intern(&i, sizeof i), numbers[i]);
    }
    EXPECT_EQ(dictionary.count(), known);
    // With memory again, the other values are stored.
    for (uint32_t i = 0; i < 200; i++) EXPECT(dictionary.intern(&i, sizeof i) != Dictionary::kNone);
    EXPECT_EQ(dictionary.count(), 200);
  }
}

TEST("a table is not begun if there is no memory for it") {
  TableBuilder table;
  check::Scarcity none(0);
  EXPECT(!table.begin(kAllFields, 10));
}

TEST("a value or a failure that finds no memory marks the whole read, until the next one") {
  TableBuilder table;
  const auto read = [&](auto put) {
    EXPECT(table.begin(bit(Field::name) | bit(Field::pgid), 1));
    EXPECT(!table.out_of_memory());
    check::Scarcity none(0);
    table.open_row(1);
    put();
    return table.out_of_memory();
  };
  EXPECT(!read([&] { table.put_i32(Field::pgid, 1); }));
  EXPECT(read([&] { table.put_variable(Field::name, "a", 1); }));
  EXPECT(read([&] { table.fail(Field::name, {Failure::Kind::kGone, 3, "ESRCH", "open"}); }));
  EXPECT(table.begin(bit(Field::pgid), 1));
  EXPECT(!table.out_of_memory());
}
