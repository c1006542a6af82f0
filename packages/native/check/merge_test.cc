// platform/linux/bpf/task_iterator.h: rows of which some fields come from a BPF record and the others from files.
#include "platform/linux/bpf/task_iterator.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <map>
#include <vector>

#include "harness/check.h"
#include "platform/linux/bpf/requirements.h"
#include "platform/linux/open_process.h"

using namespace psutil;

namespace {

constexpr FieldSet kHeld = bit(Field::ppid) | bit(Field::umask);
constexpr FieldSet kRest = bit(Field::pgid) | bit(Field::uids) | bit(Field::startTime);

template <typename T>
T value(const TableBuilder& table, Field field, size_t row = 0) {
  T found;
  std::memcpy(&found, table.column(row_of(field).first) + row * sizeof found, sizeof found);
  return found;
}

struct Files {
  ProcRoot root{"/proc"};
  Scratch scratch;
  SourceCounts counts;
  ProcessReader reader{root, scratch, counts};

  explicit Files(FieldSet fields) {
    EXPECT(root.open().ok());
    ReadRequest request = {};
    request.fields = fields;
    request.listed = true;
    reader.prepare(request);
  }
};

// A row of ourselves: what a record would hold, and the rest from files if it is of that start.
bool merge(double start, TableBuilder& table) {
  Files files(kHeld | kRest);
  EXPECT(table.begin(kHeld | kRest, 1));
  TaskRecord record = {};
  record.pid = static_cast<int>(getpid());
  record.ppid = 4711;
  record.umask = 0123;
  table.open_row(record.pid);
  RecordNames names = {files.scratch.terminals, files.scratch.users, 0};
  put_record({&record, nullptr, nullptr, nullptr}, kHeld, names, table);
  const bool there = files.reader.read({record.pid, start}, kRest, table, kHeld);
  if (there) table.keep_row();
  else table.drop_row();
  return there;
}

double own_start() {
  Files files(bit(Field::startTime));
  TableBuilder table;
  EXPECT(table.begin(bit(Field::startTime), 1));
  table.open_row(static_cast<int32_t>(getpid()));
  EXPECT(files.reader.read({static_cast<int32_t>(getpid())}, bit(Field::startTime), table));
  table.keep_row();
  return value<double>(table, Field::startTime);
}

// Every process by BPF, with these fields of the records.
bool walk(FieldSet provides, FieldSet fields, TableBuilder& table, SourceCounts& counts) {
  Files files(fields);
  TaskIterator scan(provides);
  StarvationMonitor starvation;
  ReadRequest request = {};
  request.fields = fields;
  request.kind = ReadKind::kCursor;
  request.cursor.max = SIZE_MAX;
  request.cursor.number = 1;
  ProcessReader reader(files.root, files.scratch, counts);
  reader.prepare(request);
  return scan.read(files.root, request, reader, files.scratch, starvation, table, counts) && table.refused().ok();
}

}  // namespace

TEST("a row has what a record holds, and the rest from files of the process that began when the record says") {
  TableBuilder table;
  EXPECT(merge(own_start(), table));
  EXPECT_EQ(table.failures().size(), 0);
  EXPECT_EQ(value<int32_t>(table, Field::ppid), 4711);
  EXPECT_EQ(value<int32_t>(table, Field::umask), 0123);
  EXPECT_EQ(value<int32_t>(table, Field::pgid), getpgid(0));
  EXPECT_EQ(value<uint32_t>(table, Field::uids), getuid());
}

TEST("where another process has the number by then, there is no row") {
  TableBuilder table;
  EXPECT(!merge(own_start() - 1, table));
  EXPECT_EQ(table.rows(), 0);
  EXPECT_EQ(table.failures().size(), 0);
}

TEST("where no file can be opened, the fields of files fail and those of the record stand") {
  const double start = own_start();
  Files files(kHeld | kRest);
  rlimit before;
  EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none = {0, before.rlim_max};
  EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  TableBuilder table;
  EXPECT(table.begin(kHeld | kRest, 1));
  table.open_row(static_cast<int32_t>(getpid()));
  table.put_i32(Field::ppid, 4711);
  table.put_i32(Field::umask, 0123);
  const bool there = files.reader.read({static_cast<int32_t>(getpid()), start}, kRest, table, kHeld);
  EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT(there);
  table.keep_row();
  EXPECT_EQ(table.failures().size(), 3);
  for (size_t i = 0; i < table.failures().size(); i++) {
    EXPECT_EQ(table.failures()[i].number, EMFILE);
    EXPECT_EQ(kHeld >> table.failures()[i].field & 1, 0);
  }
  EXPECT_EQ(value<int32_t>(table, Field::umask), 0123);
}

TEST("at a second look, rows stay whose processes have the same number and start, and rows that needed none") {
  TableBuilder table;
  EXPECT(table.begin(kHeld, 6));
  SecondLook look;
  const int32_t pids[] = {1, 5, 7, 9, 11, 13};
  const uint64_t starts[] = {SecondLook::kNoStart, 50, 70, 90, 110, 130};
  for (size_t i = 0; i < 6; i++) {
    table.open_row(pids[i]);
    table.put_i32(Field::ppid, pids[i]);
    table.put_i32(Field::umask, 0);
    table.keep_row();
    EXPECT(look.expect(starts[i]));
  }
  EXPECT(look.begin());
  // 7 is another process now, 9 is gone, 10 is new, and 13 has not been seen again when the records end.
  const auto see = [&](int pid, uint64_t start) {
    TaskRecord record = {};
    record.pid = pid;
    record.start = start;
    return look.see(record, table);
  };
  EXPECT(see(5, 50) && see(7, 71) && see(10, 90) && see(11, 110));
  EXPECT(!see(14, 1));
  table.keep_only(look.keeps());
  EXPECT_EQ(table.rows(), 3);
  for (size_t i = 0; i < 3; i++) EXPECT_EQ(value<int32_t>(table, Field::ppid, i), (std::vector<int32_t>{1, 5, 11})[i]);
}

TEST("a scan of fields of which BPF has some reads each process by it, and by the source that has the others") {
  if (!missing_for_bpf().ok()) return;
  TableBuilder whole;
  TableBuilder merged;
  SourceCounts counts;
  const FieldSet fields = bit(Field::pgid) | bit(Field::sid) | bit(Field::ppid) | bit(Field::startTime) | bit(Field::rlimits);
  const FieldSet all = row_of(Source::kBpf).provides;
  EXPECT(walk(all, fields, whole, counts));
  // A kernel may keep process 1 from BPF, which is read from files then.
  const int32_t withheld = counts.reads[index_of(Source::kStat)];
  EXPECT(withheld <= 1);
  EXPECT_EQ(counts.reads[index_of(Source::kPrlimit64)], withheld);
  counts = {};
  EXPECT(walk(all & ~bit(Field::rlimits), fields, merged, counts));
  EXPECT(merged.rows() > 1);
  EXPECT(counts.reads[index_of(Source::kPrlimit64)] >= static_cast<int32_t>(merged.rows()));
  EXPECT_EQ(counts.reads[index_of(Source::kStatus)], 0);
  EXPECT_EQ(counts.reads[index_of(Source::kStat)], withheld);
  std::map<int32_t, size_t> rows;
  for (size_t row = 0; row < whole.rows(); row++) rows[whole.pids()[row]] = row;
  size_t common = 0;
  for (size_t row = 0; row < merged.rows(); row++) {
    const auto other = rows.find(merged.pids()[row]);
    if (other == rows.end()) continue;
    common++;
    for (const Field field : {Field::pgid, Field::sid}) {
      EXPECT_EQ(value<int32_t>(merged, field, row), value<int32_t>(whole, field, other->second));
    }
    EXPECT_EQ(value<double>(merged, Field::startTime, row), value<double>(whole, Field::startTime, other->second));
    // Any other's parent may have ended between the walks.
    if (merged.pids()[row] != getpid()) continue;
    EXPECT_EQ(value<int32_t>(merged, Field::ppid, row), value<int32_t>(whole, Field::ppid, other->second));
    EXPECT_EQ(value<int32_t>(merged, Field::ppid, row), getppid());
  }
  EXPECT(common > 1);
  EXPECT_EQ(merged.failures().size(), 0);
}
