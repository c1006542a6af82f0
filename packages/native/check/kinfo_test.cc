// platform/bsd/kinfo.cc: what a Kinfo holds goes into its own table, and nothing into another's.
#include "platform/bsd/kinfo.h"

#include <cstring>

#include "harness/check.h"
#include "platform/shared/errno.h"

using namespace psutil;

namespace {

template <typename T>
T first(const TableBuilder& table, Field field) {
  T value;
  std::memcpy(&value, table.column(row_of(field).first), sizeof value);
  return value;
}

// A row of every field, of a Kinfo that says it holds these.
void put(FieldSet present, TableBuilder& table) {
  Kinfo info;
  info.present = present;
  info.began = 5'000'000;
  info.threads = 7;
  EXPECT(table.begin(kAllFields, 1));
  table.open_row(1);
  RowBuilder row(table, kAllFields);
  put_kinfo(info, 2'000'000, row);
  row.finish(unsupported("sysctl"));
  table.keep_row();
}

}  // namespace

TEST("each field that the Kinfo holds is put, and the others fail") {
  TableBuilder table;
  put(kKinfoFields, table);
  EXPECT_EQ(first<double>(table, Field::startTime), 3e6);
  EXPECT_EQ(first<int32_t>(table, Field::threads), 7);
  EXPECT_EQ(table.failures().size(), kFieldCount - 11);
}

TEST("a field that a Kinfo has no place for is not put, and no start time in its stead") {
  for (size_t i = 0; i < 64; i++) {
    const FieldSet other = FieldSet{1} << i;
    if ((other & kKinfoFields) != 0) continue;
    check::About about("bit " + std::to_string(i));
    TableBuilder table;
    put(other, table);
    EXPECT(table.validity(row_of(Field::startTime).first) != nullptr);
    EXPECT_EQ(table.failures().size(), kFieldCount);
  }
}
