// platform/kinfo: members of a system's struct become a Kinfo, and a Kinfo becomes a row.
#include "platform/kinfo/kinfo.h"

#include <cerrno>
#include <cstring>

#include "harness/check.h"
#include "platform/kinfo/members.h"
#include "platform/shared/errno.h"

using namespace psutil;

namespace {

template <typename T>
T first(const TableBuilder& table, Field field) {
  T value;
  std::memcpy(&value, table.column(row_of(field).first), sizeof value);
  return value;
}

// A row of every field, from a Kinfo that marks these as present.
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

// A struct that no system has: members of every width, and some in an inner struct.
struct Raw {
  int16_t group_count = 1;
  uint64_t threads = 7;
  char name[4] = {'f', 'u', 'l', 'l'};
  struct {
    int32_t pid = -1;
    uint32_t uid = 4294967294;
  } inner;
  uint32_t groups[Kinfo::kMaxGroups] = {500, 501};
  uint32_t caught = 0x80000001;
  uint32_t blocked[4] = {1, 2, 3, 4};
  uint64_t seconds = 3;
  int32_t microseconds = 5;
  uint16_t exit_status = 0xff00;
};

constexpr Member kMembers[] = {
    PSUTIL_MEMBER(kPid, Raw, inner.pid),
    PSUTIL_MEMBER(kUid, Raw, inner.uid),
    PSUTIL_MEMBER(kFirstGroup, Raw, groups[0]),
    PSUTIL_MEMBER(kThreads, Raw, threads),
    PSUTIL_MEMBER(kGroupCount, Raw, group_count),
    PSUTIL_MEMBER(kGroups, Raw, groups),
    PSUTIL_MEMBER(kName, Raw, name),
    PSUTIL_MEMBER(kBlocked, Raw, blocked),
    PSUTIL_MEMBER(kCaught, Raw, caught),
    PSUTIL_MEMBER(kStartSeconds, Raw, seconds),
    PSUTIL_MEMBER(kStartMicroseconds, Raw, microseconds),
    PSUTIL_MEMBER(kExitStatus, Raw, exit_status),
};

}  // namespace

TEST("the table of members is what a Kinfo has, and what it knows of signals") {
  EXPECT_EQ(decode(kMembers, Raw()).present, bit(Field::uids) | bit(Field::gids) | bit(Field::threads) | bit(Field::groups) |
                                                 bit(Field::name) | bit(Field::sigmasks) | bit(Field::startTime));
  EXPECT_EQ(decode(kMembers, Raw()).sigmasks.known, uint64_t{1 << SignalSets::kBlocked | 1 << SignalSets::kCaught});
}

TEST("a member of any width is its number, with its sign") {
  const Kinfo info = decode(kMembers, Raw());
  EXPECT_EQ(info.pid, -1);
  EXPECT_EQ(info.uids[1], 4294967294);
  EXPECT_EQ(info.threads, 7);
  EXPECT_EQ(info.exit_status, 0xff00);
  EXPECT_EQ(info.group_count, uint32_t{1});
  EXPECT_EQ(info.began, int64_t{3'000'005});
}

TEST("a name that fills its place ends there, and a short one before") {
  Raw raw;
  EXPECT_EQ(decode(kMembers, raw).name_length, uint32_t{4});
  raw.name[1] = '\0';
  EXPECT_EQ(decode(kMembers, raw).name_length, uint32_t{1});
}

TEST("signal sets of 32 and of 128 signals are whole") {
  const Kinfo info = decode(kMembers, Raw());
  EXPECT_EQ(info.sigmasks.sets[SignalSets::kCaught][0], uint64_t{0x80000001});
  EXPECT_EQ(info.sigmasks.sets[SignalSets::kBlocked][0], uint64_t{2} << 32 | 1);
  EXPECT_EQ(info.sigmasks.sets[SignalSets::kBlocked][1], uint64_t{4} << 32 | 3);
}

TEST("groups that the struct has no place for are left out, and the effective group with them") {
  for (const int16_t count : {int16_t{17}, int16_t{-1}}) {
    Raw raw;
    raw.group_count = count;
    const Kinfo info = decode(kMembers, raw);
    EXPECT(!info.has(Field::groups));
    EXPECT(!info.has(Field::gids));
  }
  Raw raw;
  raw.group_count = 0;
  EXPECT(decode(kMembers, raw).has(Field::groups));
  EXPECT(!decode(kMembers, raw).has(Field::gids));
  EXPECT_EQ(decode(kMembers, Raw()).gids[1], uint32_t{500});
}

TEST("a member that does not fit into its place is an error of the compiler") {
  EXPECT((kFits<Value::kName, Kinfo::kMaxName>));
  EXPECT((!kFits<Value::kName, Kinfo::kMaxName + 1>));
  EXPECT((kFits<Value::kPid, 2>));
  EXPECT((!kFits<Value::kPid, 3>));
  EXPECT((!kFits<Value::kGroups, sizeof(uint32_t)>));
  EXPECT((!kFits<Value::kCaught, sizeof(uint64_t[3])>));
}

TEST("a field that the system refused fails with that reason") {
  Kinfo info;
  info.fail(Field::sid, failure_of(EPERM, "getsid"));
  TableBuilder table;
  EXPECT(table.begin(bit(Field::sid), 1));
  table.open_row(1);
  RowBuilder row(table, bit(Field::sid));
  put_kinfo(info, 0, row);
  row.finish(unsupported("sysctl"));
  table.keep_row();
  EXPECT_EQ(table.failures().size(), size_t{1});
  EXPECT_EQ(table.failures()[0].number, EPERM);
}

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
