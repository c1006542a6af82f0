// core/table_builder.h: a table of fields, with a row for each process.
#include "core/table_builder.h"

#include <cstring>

#include "harness/check.h"

using namespace psutil;

namespace {

constexpr FieldSet kFour = bit(Field::name) | bit(Field::state) | bit(Field::pgid) | bit(Field::startTime);
constexpr Failure kDenied = {Failure::Kind::kDenied, 13, "EACCES", "open"};
constexpr Failure kGone = {Failure::Kind::kGone, 3, "ESRCH", "read"};

// The number in the column of a field, or of a struct's member.
template <typename T>
T at(const TableBuilder& table, Field field, size_t row, size_t member = 0) {
  T value;
  EXPECT_EQ(kColumnWidths[row_of(field).first + member], sizeof(T));
  std::memcpy(&value, table.column(row_of(field).first + member) + row * sizeof(T), sizeof(T));
  return value;
}

bool has(const TableBuilder& table, Field field, size_t row, size_t member = 0) {
  const Array<uint8_t>* bits = table.validity(row_of(field).first + member);
  return bits == nullptr || bits->size() <= row / 8 || ((*bits)[row / 8] >> row % 8 & 1) != 0;
}

void put_four(TableBuilder& table, int32_t pid, std::string_view name) {
  table.open_row(pid);
  table.put_variable(Field::name, name.data(), name.size());
  table.put_enum(Field::state, static_cast<uint8_t>(pid % 9));
  table.put_i32(Field::pgid, pid * 2);
  table.put_f64(Field::startTime, pid + 0.5);
}

}  // namespace

TEST("each column holds its own values, to the last row there is room for") {
  constexpr int32_t kRows = 5;
  TableBuilder table;
  EXPECT(table.begin(kFour, kRows));
  for (int32_t row = 0; row < kRows; row++) {
    put_four(table, 10 + row, row % 2 == 0 ? "even" : "odd");
    table.keep_row();
  }
  EXPECT_EQ(table.rows(), 5);
  for (size_t row = 0; row < kRows; row++) {
    const auto pid = static_cast<int32_t>(10 + row);
    EXPECT_EQ(table.pids()[row], pid);
    EXPECT_EQ(at<uint32_t>(table, Field::name, row), row % 2);
    EXPECT_EQ(at<uint8_t>(table, Field::state, row), pid % 9);
    EXPECT_EQ(at<int32_t>(table, Field::pgid, row), pid * 2);
    EXPECT_EQ(at<double>(table, Field::startTime, row), pid + 0.5);
  }
  EXPECT_EQ(table.dictionary(Field::name).count(), 2);
  EXPECT(!table.out_of_memory());
}

TEST("every column begins at a multiple of eight, as typed arrays must, and none overlap") {
  for (size_t capacity = 0; capacity < 20; capacity++) {
    check::About about(std::to_string(capacity) + " rows");
    TableBuilder table;
    EXPECT(table.begin(kAllFields, capacity));
    const auto* first = reinterpret_cast<const uint8_t*>(table.pids());
    const uint8_t* end = first + capacity * 4;
    for (size_t i = 0; i < kColumnCount; i++) {
      EXPECT_EQ((table.column(i) - first) % 8, 0);
      EXPECT(table.column(i) >= end);
      end = table.column(i) + capacity * kColumnWidths[i];
    }
  }
}

TEST("room is made for as many rows as the last table had, for a thousand at least, and for no more than are wanted") {
  TableBuilder table;
  EXPECT_EQ(table.usual_rows(5000), size_t{1024});
  EXPECT_EQ(table.usual_rows(10), size_t{10});
  EXPECT(table.begin(bit(Field::pgid), 2000));
  for (int32_t pid = 1; pid <= 2000; pid++) {
    table.open_row(pid);
    table.put_i32(Field::pgid, pid);
    table.keep_row();
  }
  EXPECT_EQ(table.usual_rows(5000), size_t{2000});
  EXPECT_EQ(table.usual_rows(1500), size_t{1500});
}

TEST("bits that are no field are dropped") {
  TableBuilder table;
  EXPECT(table.begin(~FieldSet{0}, 1));
  EXPECT_EQ(table.fields(), kAllFields);
}

TEST("a value that is missing is a bit, and why is a record") {
  TableBuilder table;
  EXPECT(table.begin(kFour, 2));
  put_four(table, 1, "a");
  table.keep_row();
  table.open_row(2);
  for (const Field field : {Field::name, Field::state, Field::pgid, Field::startTime}) table.fail(field, kDenied);
  table.keep_row();
  for (const Field field : {Field::name, Field::state, Field::pgid, Field::startTime}) {
    EXPECT(has(table, field, 0));
    EXPECT(!has(table, field, 1));
  }
  EXPECT_EQ(table.failures().size(), 4);
  const FailureRecord& record = table.failures()[2];
  EXPECT_EQ(record.row, 1);
  EXPECT_EQ(record.field, Field::pgid);
  EXPECT_EQ(record.kind, Failure::Kind::kDenied);
  EXPECT_EQ(record.number, 13);
  EXPECT_EQ(table.texts()[static_cast<size_t>(record.code)], "EACCES");
  EXPECT_EQ(table.texts()[static_cast<size_t>(record.syscall)], "open");
}

TEST("rows that are left out leave no trace in values, validity and failures") {
  for (const uint32_t pattern : {0u, 0x155555u, 0x0f0f0u, 0x1fffffu, 1u, 0x100000u}) {
    check::About about("rows " + std::to_string(pattern));
    constexpr size_t kRows = 21;
    TableBuilder table;
    EXPECT(table.begin(kFour, kRows + 1));
    uint8_t keeps[kRows];
    for (size_t row = 0; row < kRows; row++) {
      keeps[row] = pattern >> row & 1;
      put_four(table, static_cast<int32_t>(100 + row), "a");
      if (row % 3 == 1) table.fail(Field::pgid, kDenied);
      if (row % 5 == 4) table.fail_row(kGone);
      table.keep_row();
    }
    table.keep_only(keeps);
    size_t at = 0;
    size_t failed = 0;
    for (size_t row = 0; row < kRows; row++) {
      if (keeps[row] == 0) continue;
      EXPECT_EQ(table.pids()[at], 100 + row);
      EXPECT_EQ(has(table, Field::pgid, at), row % 3 != 1 && row % 5 != 4);
      EXPECT_EQ(has(table, Field::name, at), row % 5 != 4);
      for (const bool fails : {row % 3 == 1, row % 5 == 4}) {
        if (!fails) continue;
        EXPECT(failed < table.failures().size());
        if (failed < table.failures().size()) EXPECT_EQ(table.failures()[failed].row, at);
        failed++;
      }
      at++;
    }
    EXPECT_EQ(table.rows(), at);
    EXPECT_EQ(table.failures().size(), failed);
    EXPECT_EQ(table.taken(), kRows);
    // A row that follows has every value.
    put_four(table, 1, "b");
    table.keep_row();
    EXPECT(has(table, Field::pgid, at) && has(table, Field::name, at));
  }
}

TEST("a row that failed has one record, and none of its values") {
  TableBuilder table;
  EXPECT(table.begin(kFour, 1));
  put_four(table, 7, "was there");
  table.fail_row(kGone);
  table.keep_row();
  EXPECT_EQ(table.failures().size(), 1);
  EXPECT_EQ(table.failures()[0].field, FailureRecord::kWholeRow);
  EXPECT_EQ(table.failures()[0].kind, Failure::Kind::kGone);
  EXPECT_EQ(table.pids()[0], 7);
  for (const Field field : {Field::name, Field::state, Field::pgid, Field::startTime}) EXPECT(!has(table, field, 0));
}

TEST("null is a value that is missing and no failure") {
  TableBuilder table;
  EXPECT(table.begin(kFour, 20));
  for (int32_t pid = 0; pid < 20; pid++) {
    put_four(table, pid, "a");
    if (pid % 3 == 1) table.put_null(Field::pgid);
    table.keep_row();
  }
  for (size_t row = 0; row < 20; row++) EXPECT_EQ(has(table, Field::pgid, row), row % 3 != 1);
  EXPECT(table.validity(row_of(Field::name).first) == nullptr);
  EXPECT_EQ(table.failures().size(), 0);
}

TEST("a struct is a column for each member, of which one may be missing") {
  TableBuilder table;
  EXPECT(table.begin(bit(Field::uids), 2));
  const uint32_t ids[] = {1, 2, 0xffffffff};
  for (int32_t pid = 1; pid <= 2; pid++) {
    table.open_row(pid);
    table.put_struct(Field::uids, ids);
    if (pid == 2) table.put_null_member(Field::uids, 1);
    table.keep_row();
  }
  EXPECT_EQ(at<uint32_t>(table, Field::uids, 0, 0), 1);
  EXPECT_EQ(at<uint32_t>(table, Field::uids, 0, 1), 2);
  EXPECT_EQ(at<uint32_t>(table, Field::uids, 1, 2), 0xffffffff);
  EXPECT(has(table, Field::uids, 1, 0) && !has(table, Field::uids, 1, 1) && has(table, Field::uids, 0, 1));
}

TEST("each text of failures is there once") {
  TableBuilder table;
  EXPECT(table.begin(bit(Field::pgid), 3));
  for (int32_t pid = 1; pid <= 3; pid++) {
    table.open_row(pid);
    table.fail(Field::pgid, pid == 2 ? kGone : kDenied);
    table.keep_row();
  }
  EXPECT_EQ(table.texts().size(), 4);
  EXPECT_EQ(table.failures()[0].code, table.failures()[2].code);
  EXPECT_EQ(table.texts()[static_cast<size_t>(table.failures()[1].syscall)], "read");
}

TEST("a row that is dropped leaves neither a row nor its failures, and those of others stay") {
  TableBuilder table;
  EXPECT(table.begin(kFour, 3));
  put_four(table, 1, "a");
  table.fail(Field::state, kDenied);
  table.keep_row();
  put_four(table, 2, "b");
  table.fail(Field::state, kDenied);
  table.fail_row(kGone);
  table.drop_row();
  put_four(table, 3, "c");
  table.keep_row();
  EXPECT(!has(table, Field::state, 0));
  EXPECT(has(table, Field::state, 1) && has(table, Field::pgid, 1));
  EXPECT_EQ(table.rows(), 2);
  EXPECT_EQ(table.failures().size(), 1);
  EXPECT_EQ(table.failures()[0].row, 0);
  EXPECT_EQ(table.pids()[1], 3);
  EXPECT_EQ(at<int32_t>(table, Field::pgid, 1), 6);
}

TEST("begun again, a table holds nothing of the read before") {
  TableBuilder table;
  EXPECT(table.begin(kFour, 4));
  put_four(table, 1, "before");
  table.fail_row(kGone);
  table.keep_row();
  EXPECT(table.begin(bit(Field::name), 1));
  EXPECT_EQ(table.fields(), bit(Field::name));
  EXPECT_EQ(table.rows(), 0);
  EXPECT_EQ(table.capacity(), 1);
  EXPECT_EQ(table.failures().size(), 0);
  EXPECT_EQ(table.texts().size(), 0);
  table.open_row(1);
  table.put_variable(Field::name, "after", 5);
  table.keep_row();
  EXPECT_EQ(at<uint32_t>(table, Field::name, 0), 0);
  EXPECT_EQ(table.dictionary(Field::name).count(), 1);
}

TEST("a second read of the same size takes no more memory") {
  TableBuilder table;
  EXPECT(table.begin(kAllFields, 1000));
  const int32_t* const at_first = table.pids();
  EXPECT(table.begin(kAllFields, 900));
  EXPECT(table.pids() == at_first);
}

TEST("a table is refitted to more rows and to fewer, and no value moves to another row or field") {
  constexpr int32_t kRows = 100;
  TableBuilder table;
  EXPECT(table.begin(kAllFields, 1));
  for (int32_t row = 0; row < kRows; row++) {
    if (table.rows() == table.capacity()) EXPECT(table.refit(table.capacity() * 2));
    const std::string name = std::to_string(row);
    put_four(table, 10 + row, name);
    table.put_i32(Field::umask, row * 3);
    table.keep_row();
  }
  for (const size_t capacity : {size_t{128}, size_t{kRows}, size_t{1000}}) {
    check::About about(std::to_string(capacity));
    EXPECT(table.refit(capacity));
    EXPECT_EQ(table.capacity(), capacity);
    for (size_t row = 0; row < kRows; row++) {
      const auto pid = static_cast<int32_t>(10 + row);
      EXPECT_EQ(table.pids()[row], pid);
      EXPECT_EQ(at<uint32_t>(table, Field::name, row), row);
      EXPECT_EQ(at<uint8_t>(table, Field::state, row), pid % 9);
      EXPECT_EQ(at<int32_t>(table, Field::pgid, row), pid * 2);
      EXPECT_EQ(at<int32_t>(table, Field::umask, row), row * 3);
      EXPECT_EQ(at<double>(table, Field::startTime, row), pid + 0.5);
    }
  }
}

TEST("a table that has reached its bound in bytes is full, whatever its rows have in common") {
  TableBuilder table;
  table.set_max_bytes(10'000);
  const std::string shared(3000, 's');
  EXPECT(table.begin(bit(Field::name) | bit(Field::umask), 1000));
  EXPECT(!table.is_full());
  size_t rows = 0;
  for (; rows < 1000 && !table.is_full(); rows++) {
    table.open_row(static_cast<int32_t>(rows));
    table.put_i32(Field::umask, 022);
    table.put_variable(Field::name, shared.data(), shared.size());
    table.keep_row();
  }
  // One name, and of each row its PID, its umask and the number of the name.
  EXPECT_EQ(rows, (10'000 - 3004) / 12);
  EXPECT(table.begin(bit(Field::name), 10));
  EXPECT(!table.is_full());
  for (rows = 0; rows < 10 && !table.is_full(); rows++) {
    std::string name = shared + std::to_string(rows);
    table.open_row(static_cast<int32_t>(rows));
    table.put_variable(Field::name, name.data(), name.size());
    table.keep_row();
  }
  EXPECT_EQ(rows, 4);
}
