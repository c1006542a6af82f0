// platform/bsd/kinfo.cc: what a Kinfo tells goes into its own columns, and nothing into another's.
#include "platform/bsd/kinfo.h"

#include <cmath>
#include <cstring>

#include "harness/check.h"
#include "platform/posix/failure.h"

using namespace psutil;

namespace {

template <typename T>
T first(const Columns& columns, Field field) {
  T value;
  std::memcpy(&value, columns.storage().data() + columns.offset(field), sizeof value);
  return value;
}

// A row of every field, of a Kinfo that says it tells these.
void put(FieldMask told, Columns& columns) {
  Kinfo info;
  info.told = told;
  info.began = 5'000'000;
  info.threads = 7;
  EXPECT(columns.begin(kAllFields, 1));
  columns.open_row(1);
  OpenRow row(columns, kAllFields);
  put_kinfo(info, 2'000'000, row);
  row.close(unsupported("sysctl"));
  columns.keep_row();
}

}  // namespace

TEST("each field that is told is put, and the others fail") {
  Columns columns;
  put(kKinfoFields, columns);
  EXPECT_EQ(first<double>(columns, Field::startTime), 3e6);
  EXPECT_EQ(first<int32_t>(columns, Field::threads), 7);
  EXPECT_EQ(columns.failures().size(), kFieldCount - 11);
}

TEST("a field that a Kinfo has no place for is not put, and no start time in its stead") {
  for (size_t i = 0; i < 32; i++) {
    const FieldMask other = FieldMask{1} << i;
    if ((other & kKinfoFields) != 0) continue;
    check::About about("bit " + std::to_string(i));
    Columns columns;
    put(other, columns);
    EXPECT(std::isnan(first<double>(columns, Field::startTime)));
    EXPECT_EQ(columns.failures().size(), kFieldCount);
  }
}
