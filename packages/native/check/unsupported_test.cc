// platform/unsupported/backend.cc implements the contract of backend.h: every call fails with "not supported". This proves that
// a system needs one folder only.
#include <cmath>
#include <cstring>
#include <type_traits>

#include "harness/check.h"
#include "harness/set_limit.h"
#include "platform/backend.h"
#include "platform/exit_watch.h"

using namespace psutil;

namespace {

constexpr int32_t kPids[] = {1, 4711, -5};

void expect_unsupported(const Failure& failure) {
  EXPECT_EQ(failure.kind, Failure::Kind::kUnsupported);
  EXPECT_EQ(failure.code, "ENOTSUP");
  EXPECT(std::strlen(failure.syscall) > 0);
}

ReadRequest request(FieldSet fields) {
  ReadRequest made = {};
  made.pids = kPids;
  made.count = 3;
  made.fields = fields;
  return made;
}

int32_t pid_at(const TableBuilder& table, size_t row) {
  int32_t pid;
  pid = table.pids()[row];
  return pid;
}

}  // namespace

TEST("it supports no field, no list and no action, and says so by name") {
  const Capabilities able = capabilities();
  EXPECT_EQ(able.name, "unsupported");
  EXPECT_EQ(able.fields, 0);
  EXPECT(!able.list);
  EXPECT_EQ(able.bulk, 0);
  EXPECT_EQ(able.signal_sets, 0);
  EXPECT(able.get_rlimit == Reach::kNone);
  EXPECT(able.set_rlimit == Reach::kNone);
  EXPECT_EQ(able.actions, 0);
  EXPECT(!able.waits);
  EXPECT(able.sources[0] == nullptr);
}

TEST("a read answers with a row for each PID in their order, and each field of it not supported") {
  Backend platform("/proc");
  TableBuilder table;
  SourceCounts counts;
  EXPECT(platform.read(request(kAllFields), table, counts));
  EXPECT_EQ(table.rows(), 3);
  EXPECT_EQ(table.failures().size(), 3 * kFieldCount);
  for (size_t row = 0; row < 3; row++) EXPECT_EQ(pid_at(table, row), kPids[row]);
  for (size_t i = 0; i < table.failures().size(); i++) {
    const FailureRecord& record = table.failures()[i];
    EXPECT_EQ(record.row, i / kFieldCount);
    EXPECT_EQ(record.field, i % kFieldCount);
    EXPECT_EQ(record.kind, Failure::Kind::kUnsupported);
    EXPECT_EQ(table.texts()[static_cast<size_t>(record.code)], "ENOTSUP");
  }
}

TEST("only the fields that were asked for are answered") {
  Backend platform("/proc");
  TableBuilder table;
  SourceCounts counts;
  EXPECT(platform.read(request(bit(Field::umask)), table, counts));
  EXPECT_EQ(table.fields(), bit(Field::umask));
  EXPECT_EQ(table.failures().size(), 3);
  EXPECT(platform.read(request(0), table, counts));
  EXPECT_EQ(table.rows(), 3);
  EXPECT_EQ(table.failures().size(), 0);
}

TEST("a read of a process of a start time, of a oneshot or of a scan is answered alike") {
  Backend platform("/proc");
  TableBuilder table;
  SourceCounts counts;
  const double starts[] = {1, 2, ProcessRef::kAnyStart};
  ReadRequest made = request(bit(Field::pgid));
  made.starts = starts;
  made.whole_sources = made.listed = made.drop_gone = true;
  EXPECT(platform.read(made, table, counts));
  EXPECT_EQ(table.rows(), 3);
  EXPECT_EQ(table.failures().size(), 3);
}

TEST("nothing is read for it") {
  Backend platform("/proc");
  TableBuilder table;
  SourceCounts counts;
  EXPECT(platform.read(request(kAllFields), table, counts));
  for (const int32_t reads : counts.reads) EXPECT_EQ(reads, 0);
}

TEST("a read can be sent on as a frame") {
  Backend platform("/proc");
  TableBuilder table;
  SourceCounts counts;
  EXPECT(platform.read(request(kAllFields), table, counts));
  std::string frame(frame_size(table, counts, {}), '\0');
  write_frame(table, counts, platform.clock(), {platform.now(), 0}, reinterpret_cast<uint8_t*>(frame.data()));
  int32_t rows;
  std::memcpy(&rows, frame.data() + kWordRows * sizeof rows, sizeof rows);
  EXPECT_EQ(rows, 3);
}

TEST("a listing is not supported and lists nothing") {
  Backend platform("/proc");
  int64_t cursor = 0;
  Array<int32_t> pids;
  expect_unsupported(platform.list(cursor, 100, nullptr, pids));
  EXPECT_EQ(pids.size(), 0);
}

TEST("setting a limit is not supported and changes nothing that was passed") {
  Backend platform("/proc");
  Limit before = {11, 22};
  expect_unsupported(set_limit_of(platform, {1}, 7, {1, 2}, before));
  EXPECT_EQ(before.soft, 11);
  EXPECT_EQ(before.hard, 22);
}

TEST("each step of a wait is refused") {
  int held = -1;
  expect_unsupported(ExitWatch::hold(1, held));
  EXPECT_EQ(held, -1);
  ExitWatch::release(held);
  ExitWatch watch("/proc");
  uint32_t wait = 7;
  expect_unsupported(watch.begin({1}, -1, wait));
  watch.cancel(wait);
  Array<Exit> exits;
  bool again = true;
  EXPECT(watch.take(exits, again).ok());
  EXPECT_EQ(exits.size(), 0);
  EXPECT(!again);
  EXPECT_EQ(watch.descriptor(), -1);
}

TEST("the time is not known, and the clock can still be divided by") {
  Backend platform("/proc");
  EXPECT(std::isnan(platform.now()));
  EXPECT_EQ(platform.clock().epoch_ms, 0.0);
  EXPECT(platform.clock().ticks_per_second > 0);
}

TEST("a platform stays where it was made") {
  EXPECT(!std::is_copy_constructible_v<Backend>);
  EXPECT(!std::is_copy_assignable_v<Backend>);
}
