// core/frame.h: columns as one block of bytes, read here as lib/frame.ts reads them.
#include "core/frame.h"

#include <cmath>
#include <cstring>
#include <vector>

#include "harness/check.h"
#include "harness/recorded.h"

using namespace psutil;

namespace {

constexpr size_t kDoublesAt = kHeaderWords;
constexpr size_t kColumnsAt = kDoublesAt + 4 * 2;
constexpr size_t kDictionariesAt = kColumnsAt + kFieldCount;
constexpr Failure kDenied = {Failure::Kind::kDenied, 13, "EACCES", "open"};
constexpr Failure kGone = {Failure::Kind::kGone, 3, "ESRCH", "read"};

class Frame {
 public:
  explicit Frame(const Columns& columns, const SourceCounts& counts = {}, const Clock& clock = {}, const ReadTime& time = {})
      : bytes_(std::string(frame_size(columns), '\x55')) {
    // The block is as long as frame_size() says: a byte written behind it ends the run.
    write_frame(columns, counts, clock, time, reinterpret_cast<uint8_t*>(const_cast<char*>(bytes_.text().data())));
  }

  size_t size() const { return bytes_.text().size(); }
  const char* data() const { return bytes_.text().data(); }

  template <typename T>
  T at(size_t offset) const {
    T value;
    EXPECT(offset + sizeof(T) <= size());
    std::memcpy(&value, data() + offset, sizeof(T));
    return value;
  }

  int32_t word(size_t index) const { return at<int32_t>(index * 4); }
  size_t offset(size_t index) const { return static_cast<size_t>(word(index)); }
  size_t column(Field field) const { return offset(kColumnsAt + static_cast<size_t>(field)); }
  size_t dictionary(Field field) const { return offset(kDictionariesAt + static_cast<size_t>(field)); }

  std::string_view entry(Field field, size_t index) const {
    const size_t from = dictionary(field);
    const size_t count = at<uint32_t>(from);
    EXPECT(index < count);
    const size_t begin = index == 0 ? 0 : at<uint32_t>(from + 8 + (index - 1) * 4);
    const size_t end = at<uint32_t>(from + 8 + index * 4);
    EXPECT(end <= at<uint32_t>(from + 4));
    return {data() + from + 8 + (count + 1) / 2 * 8 + begin, end - begin};
  }

  FailureRecord failure(size_t index) const {
    return at<FailureRecord>(offset(kWordFailureOffset) + index * sizeof(FailureRecord));
  }

  std::string_view text(int32_t index) const {
    std::string_view texts(data() + offset(kWordTextOffset), offset(kWordTextLength));
    for (; index > 0; index--) texts.remove_prefix(texts.find('\0') + 1);
    return texts.substr(0, texts.find('\0'));
  }

 private:
  check::Bytes bytes_;
};

// A row of every field; of what has a number it is the row's.
void fill(Columns& columns, int32_t rows) {
  EXPECT(columns.begin(kAllFields, static_cast<size_t>(rows)));
  for (int32_t row = 0; row < rows; row++) {
    columns.open_row(100 + row);
    for (size_t i = 0; i < kFieldCount; i++) {
      const auto field = static_cast<Field>(i);
      const std::string entry = std::string(kFields[i].name) + std::to_string(row % 3);
      if (kFields[i].shape == Shape::kEntry) columns.put_entry(field, entry.data(), entry.size());
      if (kFields[i].shape == Shape::kI32) columns.put_i32(field, row * 1000 + static_cast<int32_t>(i));
      if (kFields[i].shape == Shape::kU8) columns.put_u8(field, static_cast<uint8_t>(row));
      if (kFields[i].shape == Shape::kF64) columns.put_f64(field, row + 0.25);
    }
    columns.keep_row();
  }
}

}  // namespace

TEST("every value comes out of a frame as it went into the columns, for any number of rows") {
  for (const int32_t rows : {1, 2, 3, 7, 8, 100}) {
    check::About about(std::to_string(rows) + " rows");
    Columns columns;
    fill(columns, rows);
    const Frame frame(columns);
    EXPECT_EQ(frame.word(kWordFields), kAllFields);
    EXPECT_EQ(frame.word(kWordRows), rows);
    for (size_t row = 0; row < static_cast<size_t>(rows); row++) {
      EXPECT_EQ(frame.at<int32_t>(frame.offset(kWordPidOffset) + row * 4), 100 + row);
      EXPECT_EQ(frame.at<int32_t>(frame.column(Field::sid) + row * 4), row * 1000 + static_cast<size_t>(Field::sid));
      EXPECT_EQ(frame.at<uint8_t>(frame.column(Field::state) + row), row);
      EXPECT_EQ(frame.at<double>(frame.column(Field::startTime) + row * 8), static_cast<double>(row) + 0.25);
      const size_t entry = frame.at<uint32_t>(frame.column(Field::groups) + row * 4);
      EXPECT_EQ(frame.entry(Field::groups, entry), "groups" + std::to_string(row % 3));
      EXPECT_EQ(frame.entry(Field::rlimits, row % 3), "rlimits" + std::to_string(row % 3));
    }
  }
}

TEST("a frame is as long as it says, and everything in it begins at a multiple of eight") {
  for (int32_t rows = 1; rows < 12; rows++) {
    Columns columns;
    fill(columns, rows);
    columns.fail(Field::name, kDenied);
    const Frame frame(columns);
    EXPECT_EQ(frame.word(kWordBytes), frame.size());
    EXPECT_EQ(frame.size() % 8, 0);
    for (size_t i = 0; i < kFieldCount * 2; i++) EXPECT_EQ(frame.word(kColumnsAt + i) % 8, 0);
    for (const size_t word : {kWordPidOffset, kWordFailureOffset, kWordTextOffset}) EXPECT_EQ(frame.word(word) % 8, 0);
  }
}

TEST("a field that was not asked for, or has no dictionary, has an offset of 0") {
  Columns columns;
  EXPECT(columns.begin(bit(Field::pgid) | bit(Field::groups), 2));
  const Frame frame(columns);
  for (size_t i = 0; i < kFieldCount; i++) {
    const auto field = static_cast<Field>(i);
    EXPECT_EQ(frame.column(field) != 0, field == Field::pgid || field == Field::groups);
    EXPECT_EQ(frame.dictionary(field) != 0, field == Field::groups);
  }
}

TEST("failures come with their rows, their fields and their texts") {
  Columns columns;
  EXPECT(columns.begin(bit(Field::pgid) | bit(Field::umask), 2));
  columns.open_row(5);
  columns.put_i32(Field::pgid, 5);
  columns.fail(Field::umask, kDenied);
  columns.keep_row();
  columns.open_row(6);
  columns.fail_row(kGone);
  columns.keep_row();
  const Frame frame(columns);
  EXPECT_EQ(frame.word(kWordFailures), 2);
  EXPECT_EQ(frame.failure(0).row, 0);
  EXPECT_EQ(frame.failure(0).field, Field::umask);
  EXPECT_EQ(frame.failure(0).kind, Failure::Kind::kDenied);
  EXPECT_EQ(frame.text(frame.failure(0).code), "EACCES");
  EXPECT_EQ(frame.text(frame.failure(0).syscall), "open");
  EXPECT_EQ(frame.failure(1).row, 1);
  EXPECT_EQ(frame.failure(1).field, FailureRecord::kWholeRow);
  EXPECT_EQ(frame.failure(1).number, 3);
  EXPECT_EQ(frame.text(frame.failure(1).code), "ESRCH");
  EXPECT_EQ(frame.text(frame.failure(1).syscall), "read");
}

TEST("the clock, the time of reading and the counts of sources go along") {
  Columns columns;
  EXPECT(columns.begin(bit(Field::pgid), 1));
  SourceCounts counts;
  for (size_t i = 0; i < SourceCounts::kSources; i++) counts.reads[i] = static_cast<int32_t>(i + 1) * 11;
  const Frame frame(columns, counts, {1.5e12, 250}, {4321, 12.5});
  EXPECT_EQ(frame.at<double>(kDoublesAt * 4), 1.5e12);
  EXPECT_EQ(frame.at<double>(kDoublesAt * 4 + 8), 250.0);
  EXPECT_EQ(frame.at<double>(kDoublesAt * 4 + 16), 4321.0);
  EXPECT_EQ(frame.at<double>(kDoublesAt * 4 + 24), 12.5);
  for (size_t i = 0; i < SourceCounts::kSources; i++) EXPECT_EQ(frame.word(kWordReads + i), (i + 1) * 11);
}

TEST("a time of reading that nobody asked for is not a number") {
  Columns columns;
  EXPECT(columns.begin(0, 1));
  EXPECT(std::isnan(Frame(columns, {}, {}, ReadTime{std::nan(""), 0}).at<double>(kDoublesAt * 4 + 16)));
}

TEST("no rows make a frame too, with fields and without") {
  for (const FieldMask fields : {FieldMask{0}, kAllFields}) {
    Columns columns;
    EXPECT(columns.begin(fields, 0));
    const Frame frame(columns);
    EXPECT_EQ(frame.word(kWordRows), 0);
    EXPECT_EQ(frame.word(kWordFields), fields);
    EXPECT_EQ(frame.word(kWordBytes), frame.size());
    EXPECT_EQ(frame.word(kWordTextLength), 0);
  }
}

TEST("a dictionary of one empty value has one entry and no bytes") {
  Columns columns;
  EXPECT(columns.begin(bit(Field::groups), 1));
  columns.open_row(1);
  columns.put_entry(Field::groups, nullptr, 0);
  columns.keep_row();
  const Frame frame(columns);
  EXPECT_EQ(frame.at<uint32_t>(frame.dictionary(Field::groups)), 1);
  EXPECT_EQ(frame.entry(Field::groups, 0), "");
}

TEST("rows that were dropped are not in the frame") {
  Columns columns;
  EXPECT(columns.begin(bit(Field::pgid), 3));
  for (int32_t pid = 1; pid <= 3; pid++) {
    columns.open_row(pid);
    columns.put_i32(Field::pgid, pid);
    pid == 2 ? columns.drop_row() : columns.keep_row();
  }
  const Frame frame(columns);
  EXPECT_EQ(frame.word(kWordRows), 2);
  EXPECT_EQ(frame.at<int32_t>(frame.offset(kWordPidOffset) + 4), 3);
  EXPECT_EQ(frame.at<int32_t>(frame.column(Field::pgid) + 4), 3);
}
