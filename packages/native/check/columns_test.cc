// core/columns.h: a column a field, a row a process.
#include "core/columns.h"

#include <cmath>
#include <cstring>

#include "harness/check.h"

using namespace psutil;

namespace {

constexpr FieldMask kFour = bit(Field::name) | bit(Field::state) | bit(Field::pgid) | bit(Field::startTime);
constexpr Failure kDenied = {Failure::Kind::kDenied, 13, "EACCES", "open"};
constexpr Failure kGone = {Failure::Kind::kGone, 3, "ESRCH", "read"};

template <typename T>
T at(const Columns& columns, size_t offset, size_t row) {
  T value;
  std::memcpy(&value, columns.storage().data() + offset + row * sizeof(T), sizeof(T));
  return value;
}

void put_four(Columns& columns, int32_t pid, std::string_view name) {
  columns.open_row(pid);
  columns.put_entry(Field::name, name.data(), name.size());
  columns.put_u8(Field::state, static_cast<uint8_t>(pid % 9));
  columns.put_i32(Field::pgid, pid * 2);
  columns.put_f64(Field::startTime, pid + 0.5);
}

}  // namespace

TEST("each column holds its own values, to the last row there is room for") {
  constexpr int32_t kRows = 5;
  Columns columns;
  EXPECT(columns.begin(kFour, kRows));
  for (int32_t row = 0; row < kRows; row++) {
    put_four(columns, 10 + row, row % 2 == 0 ? "even" : "odd");
    columns.keep_row();
  }
  EXPECT_EQ(columns.rows(), 5);
  for (size_t row = 0; row < kRows; row++) {
    const auto pid = static_cast<int32_t>(10 + row);
    EXPECT_EQ(at<int32_t>(columns, columns.pid_offset(), row), pid);
    EXPECT_EQ(at<uint32_t>(columns, columns.offset(Field::name), row), row % 2);
    EXPECT_EQ(at<uint8_t>(columns, columns.offset(Field::state), row), pid % 9);
    EXPECT_EQ(at<int32_t>(columns, columns.offset(Field::pgid), row), pid * 2);
    EXPECT_EQ(at<double>(columns, columns.offset(Field::startTime), row), pid + 0.5);
  }
  EXPECT_EQ(columns.dictionary(Field::name).count(), 2);
  EXPECT(!columns.out_of_memory());
}

TEST("columns begin at multiples of eight, as typed arrays must, and do not overlap") {
  for (size_t capacity = 0; capacity < 20; capacity++) {
    check::About about(std::to_string(capacity) + " rows");
    Columns columns;
    EXPECT(columns.begin(kAllFields, capacity));
    size_t end = columns.pid_offset() + capacity * 4;
    for (size_t i = 0; i < kFieldCount; i++) {
      const size_t offset = columns.offset(static_cast<Field>(i));
      EXPECT_EQ(offset % 8, 0);
      EXPECT(offset >= end);
      const Shape shape = kFields[i].shape;
      end = offset + capacity * (shape == Shape::kF64 ? 8u : shape == Shape::kU8 ? 1u : 4u);
    }
    EXPECT(columns.storage().size() >= end);
    EXPECT_EQ(columns.storage().size() % 8, 0);
  }
}

TEST("a field that nobody asked for takes no room") {
  Columns all;
  Columns one;
  EXPECT(all.begin(kAllFields, 100));
  EXPECT(one.begin(bit(Field::state), 100));
  EXPECT_EQ(one.storage().size(), 400 + 104);
  EXPECT(all.storage().size() > 10 * one.storage().size() / 2);
}

TEST("bits that are no field are dropped") {
  Columns columns;
  EXPECT(columns.begin(~FieldMask{0}, 1));
  EXPECT_EQ(columns.fields(), kAllFields);
}

TEST("a field that failed leaves the mark of its shape, and why") {
  Columns columns;
  EXPECT(columns.begin(kFour, 2));
  put_four(columns, 1, "a");
  columns.keep_row();
  columns.open_row(2);
  for (const Field field : {Field::name, Field::state, Field::pgid, Field::startTime}) columns.fail(field, kDenied);
  columns.keep_row();
  EXPECT_EQ(at<uint32_t>(columns, columns.offset(Field::name), 1), Dictionary::kNone);
  EXPECT_EQ(at<uint8_t>(columns, columns.offset(Field::state), 1), 0xff);
  EXPECT_EQ(at<int32_t>(columns, columns.offset(Field::pgid), 1), -1);
  EXPECT(std::isnan(at<double>(columns, columns.offset(Field::startTime), 1)));
  EXPECT_EQ(columns.failures().size(), 4);
  const FailureRecord& record = columns.failures()[2];
  EXPECT_EQ(record.row, 1);
  EXPECT_EQ(record.field, Field::pgid);
  EXPECT_EQ(record.kind, Failure::Kind::kDenied);
  EXPECT_EQ(record.number, 13);
  EXPECT_EQ(columns.texts()[static_cast<size_t>(record.code)], "EACCES");
  EXPECT_EQ(columns.texts()[static_cast<size_t>(record.syscall)], "open");
}

TEST("a row that failed has one record and the marks of all its fields") {
  Columns columns;
  EXPECT(columns.begin(kFour, 1));
  put_four(columns, 7, "was there");
  columns.fail_row(kGone);
  columns.keep_row();
  EXPECT_EQ(columns.failures().size(), 1);
  EXPECT_EQ(columns.failures()[0].field, FailureRecord::kWholeRow);
  EXPECT_EQ(columns.failures()[0].kind, Failure::Kind::kGone);
  EXPECT_EQ(at<int32_t>(columns, columns.pid_offset(), 0), 7);
  EXPECT_EQ(at<uint32_t>(columns, columns.offset(Field::name), 0), Dictionary::kNone);
  EXPECT_EQ(at<int32_t>(columns, columns.offset(Field::pgid), 0), -1);
}

TEST("each text of failures is there once") {
  Columns columns;
  EXPECT(columns.begin(bit(Field::pgid), 3));
  for (int32_t pid = 1; pid <= 3; pid++) {
    columns.open_row(pid);
    columns.fail(Field::pgid, pid == 2 ? kGone : kDenied);
    columns.keep_row();
  }
  EXPECT_EQ(columns.texts().size(), 4);
  EXPECT_EQ(columns.failures()[0].code, columns.failures()[2].code);
  EXPECT_EQ(columns.texts()[static_cast<size_t>(columns.failures()[1].syscall)], "read");
}

TEST("a row that is dropped leaves neither a row nor its failures, and those of others stay") {
  Columns columns;
  EXPECT(columns.begin(kFour, 3));
  put_four(columns, 1, "a");
  columns.fail(Field::state, kDenied);
  columns.keep_row();
  put_four(columns, 2, "b");
  columns.fail(Field::state, kDenied);
  columns.fail_row(kGone);
  columns.drop_row();
  put_four(columns, 3, "c");
  columns.keep_row();
  EXPECT_EQ(columns.rows(), 2);
  EXPECT_EQ(columns.failures().size(), 1);
  EXPECT_EQ(columns.failures()[0].row, 0);
  EXPECT_EQ(at<int32_t>(columns, columns.pid_offset(), 1), 3);
  EXPECT_EQ(at<int32_t>(columns, columns.offset(Field::pgid), 1), 6);
}

TEST("begun again, columns hold nothing of the read before") {
  Columns columns;
  EXPECT(columns.begin(kFour, 4));
  put_four(columns, 1, "before");
  columns.fail_row(kGone);
  columns.keep_row();
  EXPECT(columns.begin(bit(Field::name), 1));
  EXPECT_EQ(columns.fields(), bit(Field::name));
  EXPECT_EQ(columns.rows(), 0);
  EXPECT_EQ(columns.capacity(), 1);
  EXPECT_EQ(columns.failures().size(), 0);
  EXPECT_EQ(columns.texts().size(), 0);
  columns.open_row(1);
  columns.put_entry(Field::name, "after", 5);
  columns.keep_row();
  EXPECT_EQ(at<uint32_t>(columns, columns.offset(Field::name), 0), 0);
  EXPECT_EQ(columns.dictionary(Field::name).count(), 1);
}

TEST("a second read of the same size takes no more memory") {
  Columns columns;
  EXPECT(columns.begin(kAllFields, 1000));
  const size_t before = columns.storage().capacity();
  const uint8_t* const at_first = columns.storage().data();
  EXPECT(columns.begin(kAllFields, 900));
  EXPECT_EQ(columns.storage().capacity(), before);
  EXPECT(columns.storage().data() == at_first);
}

TEST("columns are refitted to more rows and to fewer, and no value moves to another row or field") {
  constexpr int32_t kRows = 100;
  Columns columns;
  EXPECT(columns.begin(kAllFields, 1));
  for (int32_t row = 0; row < kRows; row++) {
    if (columns.rows() == columns.capacity()) EXPECT(columns.refit(columns.capacity() * 2));
    const std::string name = std::to_string(row);
    put_four(columns, 10 + row, name);
    columns.put_i32(Field::umask, row * 3);
    columns.keep_row();
  }
  for (const size_t capacity : {size_t{128}, size_t{kRows}, size_t{1000}}) {
    check::About about(std::to_string(capacity));
    EXPECT(columns.refit(capacity));
    EXPECT_EQ(columns.capacity(), capacity);
    for (size_t row = 0; row < kRows; row++) {
      const auto pid = static_cast<int32_t>(10 + row);
      EXPECT_EQ(at<int32_t>(columns, columns.pid_offset(), row), pid);
      EXPECT_EQ(at<uint32_t>(columns, columns.offset(Field::name), row), row);
      EXPECT_EQ(at<uint8_t>(columns, columns.offset(Field::state), row), pid % 9);
      EXPECT_EQ(at<int32_t>(columns, columns.offset(Field::pgid), row), pid * 2);
      EXPECT_EQ(at<int32_t>(columns, columns.offset(Field::umask), row), row * 3);
      EXPECT_EQ(at<double>(columns, columns.offset(Field::startTime), row), pid + 0.5);
    }
  }
}
