// core/frame_writer.h: a table as one block of bytes, read here as lib/protocol/frame.ts reads it.
#include "core/frame_writer.h"

#include <cmath>
#include <cstring>

#include "harness/frame_reader.h"

using namespace psutil;
using check::FrameReader;

namespace {

constexpr Failure kDenied = {Failure::Kind::kDenied, 13, "EACCES", "open"};
constexpr Failure kGone = {Failure::Kind::kGone, 3, "ESRCH", "read"};

// A row of every field. Each number is that of the row.
void fill(TableBuilder& table, int32_t rows) {
  EXPECT(table.begin(kAllFields, static_cast<size_t>(rows)));
  for (int32_t row = 0; row < rows; row++) {
    table.open_row(100 + row);
    for_each(kAllFields, [&](Field field) {
      const FieldRow& about = row_of(field);
      const std::string value = std::string(about.name) + std::to_string(row % 3);
      // Room for the members of any field.
      const uint32_t members[64] = {static_cast<uint32_t>(row), static_cast<uint32_t>(row + 1), 7};
      if (about.storage == Storage::kVariable) return table.put_variable(field, value.data(), value.size());
      if (about.storage == Storage::kStruct) return table.put_struct(field, members);
      if (kColumnWidths[about.first] == 4) return table.put_i32(field, row * 1000 + static_cast<int32_t>(field));
      if (kColumnWidths[about.first] == 1) return table.put_enum(field, static_cast<uint8_t>(row));
      table.put_f64(field, row + 0.25);
    });
    table.keep_row();
  }
}

}  // namespace

TEST("every value comes out of a frame as it went into the table, for any number of rows") {
  for (const int32_t rows : {1, 2, 3, 7, 8, 100}) {
    check::About about(std::to_string(rows) + " rows");
    TableBuilder table;
    fill(table, rows);
    const FrameReader frame(table);
    EXPECT_EQ(frame.table(), kColumnCount);
    EXPECT_EQ(frame.word(kWordRows), rows);
    for (size_t row = 0; row < static_cast<size_t>(rows); row++) {
      EXPECT_EQ(frame.pid(row), 100 + row);
      EXPECT_EQ(frame.value<int32_t>(Field::sid, row), row * 1000 + static_cast<size_t>(Field::sid));
      EXPECT_EQ(frame.value<uint8_t>(Field::state, row), row);
      EXPECT_EQ(frame.value<uint32_t>(Field::uids, row, 1), row + 1);
      EXPECT_EQ(frame.value<double>(Field::startTime, row), static_cast<double>(row) + 0.25);
      EXPECT_EQ(frame.bytes(Field::groups, row), "groups" + std::to_string(row % 3));
      EXPECT_EQ(frame.bytes(Field::rlimits, row), "rlimits" + std::to_string(row % 3));
      EXPECT(frame.has(Field::sid, row) && frame.has(Field::groups, row));
    }
  }
}

TEST("a frame is as long as it says, and everything in it begins at a multiple of eight") {
  for (int32_t rows = 1; rows < 12; rows++) {
    TableBuilder table;
    fill(table, rows);
    table.fail(Field::name, kDenied);
    const FrameReader frame(table, {}, {}, {1, 0});
    EXPECT_EQ(frame.word(kWordBytes), frame.size());
    EXPECT_EQ(frame.size() % 8, 0);
    for (size_t i = 0; i < frame.table(); i++) {
      EXPECT_EQ(frame.entry(i).data % 8, 0);
      EXPECT_EQ(frame.entry(i).validity % 8, 0);
      EXPECT_EQ(frame.entry(i).dictionary % 8, 0);
    }
    for (const size_t word : {kWordPids, kWordFailureOffset, kWordTextOffset, kWordClock, kWordTime}) {
      EXPECT_EQ(frame.word(word) % 8, 0);
    }
  }
}

TEST("what is not there takes no room: a frame of one column is under 120 bytes besides its data") {
  TableBuilder table;
  EXPECT(table.begin(bit(Field::umask), 1000));
  for (int32_t pid = 0; pid < 1000; pid++) {
    table.open_row(pid);
    table.put_i32(Field::umask, 18);
    table.keep_row();
  }
  SourceCounts counts;
  counts.reads[0] = 1000;
  const FrameReader frame(table, counts);
  EXPECT_EQ(frame.table(), 1);
  EXPECT(frame.size() - 2 * 4000 < 120);
  EXPECT_EQ(frame.word(kWordClock), 0);
  EXPECT_EQ(frame.word(kWordTime), 0);
}

TEST("a bitmap is there where a value is missing, and says of every row whether it has one") {
  for (const size_t rows : {1, 7, 8, 9, 64, 100}) {
    check::About about(std::to_string(rows) + " rows");
    TableBuilder table;
    EXPECT(table.begin(bit(Field::pgid) | bit(Field::umask), rows));
    for (size_t row = 0; row < rows; row++) {
      table.open_row(static_cast<int32_t>(row));
      table.put_i32(Field::pgid, 1);
      row == rows / 2 ? table.fail(Field::umask, kDenied) : table.put_i32(Field::umask, 1);
      table.keep_row();
    }
    const FrameReader frame(table);
    EXPECT_EQ(frame.column(Field::pgid).validity, 0);
    for (size_t row = 0; row < rows; row++) EXPECT_EQ(frame.has(Field::umask, row), row != rows / 2);
    EXPECT_EQ(frame.value<int32_t>(Field::umask, rows / 2), 0);
  }
}

TEST("failures come with their rows, their fields and their texts") {
  TableBuilder table;
  EXPECT(table.begin(bit(Field::pgid) | bit(Field::umask), 2));
  table.open_row(5);
  table.put_i32(Field::pgid, 5);
  table.fail(Field::umask, kDenied);
  table.keep_row();
  table.open_row(6);
  table.fail_row(kGone);
  table.keep_row();
  const FrameReader frame(table);
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

TEST("the counts of the sources that were read go along, and the time where it was asked for") {
  TableBuilder table;
  EXPECT(table.begin(bit(Field::pgid), 1));
  SourceCounts counts;
  counts.reads[3] = 11;
  counts.reads[40] = 22;
  const FrameReader frame(table, counts, {}, {4321, 12.5});
  EXPECT_EQ(frame.word(kWordCounters), 2);
  const size_t first = kHeaderWords * 4 + frame.table() * sizeof(ColumnEntry);
  EXPECT_EQ(frame.at<CounterEntry>(first).source, 3);
  EXPECT_EQ(frame.at<CounterEntry>(first).reads, 11);
  EXPECT_EQ(frame.at<CounterEntry>(first + sizeof(CounterEntry)).source, 40);
  EXPECT_EQ(frame.at<double>(frame.offset(kWordTime)), 4321.0);
  EXPECT_EQ(frame.word(kWordElapsed), 12);
}

TEST("a start time brings the clock that it counts by") {
  TableBuilder table;
  EXPECT(table.begin(bit(Field::startTime), 1));
  const FrameReader frame(table, {}, {1.5e12, 250});
  EXPECT_EQ(frame.at<double>(frame.offset(kWordClock)), 1.5e12);
  EXPECT_EQ(frame.at<double>(frame.offset(kWordClock) + 8), 250.0);
}

TEST("no rows make a frame too, with fields and without") {
  for (const FieldSet fields : {FieldSet{0}, kAllFields}) {
    TableBuilder table;
    EXPECT(table.begin(fields, 0));
    const FrameReader frame(table);
    EXPECT_EQ(frame.word(kWordRows), 0);
    EXPECT_EQ(frame.table(), fields == 0 ? 0 : kColumnCount);
    EXPECT_EQ(frame.word(kWordBytes), frame.size());
    EXPECT_EQ(frame.word(kWordTextLength), 0);
  }
}

TEST("a dictionary of one empty value has one entry and no bytes") {
  TableBuilder table;
  EXPECT(table.begin(bit(Field::groups), 1));
  table.open_row(1);
  table.put_variable(Field::groups, nullptr, 0);
  table.keep_row();
  const FrameReader frame(table);
  EXPECT_EQ(frame.column(Field::groups).count, 1);
  EXPECT_EQ(frame.bytes(Field::groups, 0), "");
}

TEST("rows that were dropped are not in the frame, nor what was missing in them") {
  TableBuilder table;
  EXPECT(table.begin(bit(Field::pgid), 3));
  for (int32_t pid = 1; pid <= 3; pid++) {
    table.open_row(pid);
    pid == 2 ? table.fail_row(kGone) : table.put_i32(Field::pgid, pid);
    pid == 2 ? table.drop_row() : table.keep_row();
  }
  const FrameReader frame(table);
  EXPECT_EQ(frame.word(kWordRows), 2);
  EXPECT_EQ(frame.pid(1), 3);
  EXPECT_EQ(frame.value<int32_t>(Field::pgid, 1), 3);
  EXPECT_EQ(frame.column(Field::pgid).validity, 0);
}
