// platform/linux/backend.cc as a whole, for the sanitizers. The tests in JavaScript check the values, but cannot detect a byte
// that is read past a buffer.
#include "platform/backend.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <vector>

#include "harness/check.h"
#include "harness/set_limit.h"
#include "platform/linux/source_table.h"

using namespace psutil;

namespace {

struct Read {
  bool ok;
  TableBuilder table;
  SourceCounts counts;

  int32_t i32(Field field, size_t row = 0) const {
    int32_t value;
    std::memcpy(&value, table.column(row_of(field).first) + row * sizeof value, sizeof value);
    return value;
  }
};

void read(Backend& platform, Read& into, const std::vector<int32_t>& pids, FieldSet fields, bool scan = false) {
  ReadRequest request = {};
  request.pids = pids.data();
  request.count = pids.size();
  request.fields = fields;
  request.listed = request.drop_gone = scan;
  into.ok = platform.read(request, into.table, into.counts);
}

void expect_every_process_read(Backend& platform, const char* root) {
  check::About about(root);
  Array<int32_t> pids;
  for (int64_t cursor = 0; cursor >= 0;) {
    const Failure failure = platform.list(cursor, 50, nullptr, pids);
    EXPECT(failure.ok());
    if (!failure.ok()) return;
  }
  Read all;
  read(platform, all, {pids.data(), pids.data() + pids.size()}, kAllFields, true);
  EXPECT(all.ok);
  EXPECT(all.table.rows() > 0);
  std::string frame(frame_size(all.table, all.counts, {}), '\0');
  write_frame(all.table, all.counts, platform.clock(), {platform.now(), 0}, reinterpret_cast<uint8_t*>(frame.data()));
}

}  // namespace

TEST("every process of this machine is read in full, by system calls and through files alone") {
  for (const char* root : {"/proc", "/proc/."}) {
    Backend platform(root);
    expect_every_process_read(platform, root);
    expect_every_process_read(platform, root);  // into buffers that were used before
  }
}

TEST("for ourselves the files hold what the system calls return") {
  const mode_t mask = umask(0);
  umask(mask);
  for (const char* root : {"/proc", "/proc/."}) {
    check::About about(root);
    Backend platform(root);
    Read ours;
    // The I/O priority has no file. Reading the many mappings of a sanitizer takes longer than the timeout.
    constexpr FieldSet kSlow = bit(Field::memoryMaps) | bit(Field::memoryFootprint);
    read(platform, ours, {getpid()}, kAllFields & ~bit(Field::ioPriority) & ~kSlow);
    EXPECT_EQ(ours.table.failures().size(), 0);
    EXPECT_EQ(ours.i32(Field::ppid), getppid());
    EXPECT_EQ(ours.i32(Field::pgid), getpgrp());
    EXPECT_EQ(ours.i32(Field::sid), getsid(0));
    EXPECT_EQ(ours.i32(Field::umask), mask);
  }
}

TEST("numbers that are no process are gone, and harm none of the rows around them") {
  Backend platform("/proc");
  Read some;
  read(platform, some, {INT32_MAX, getpid(), 0, -1, INT32_MIN}, bit(Field::sid) | bit(Field::umask));
  EXPECT(some.ok);
  EXPECT_EQ(some.table.rows(), 5);
  EXPECT_EQ(some.table.failures().size(), 4);
  EXPECT_EQ(some.i32(Field::sid, 1), getsid(0));
}

TEST("a root that is not there fails each row, and none is read") {
  Backend platform("/nonexistent");
  Read none;
  read(platform, none, {1, 2}, kAllFields);
  EXPECT(none.ok);
  EXPECT_EQ(none.table.failures().size(), 2);
  int64_t cursor = 0;
  Array<int32_t> pids;
  EXPECT(!platform.list(cursor, 1, nullptr, pids).ok());
}

TEST("a source that brings one field alone reads it, and reports a process that is gone") {
  Backend platform("/proc");
  const auto self = static_cast<int32_t>(getpid());
  Read named;
  read(platform, named, {self}, bit(Field::name) | bit(Field::umask), true);
  EXPECT_EQ(named.counts.reads[index_of(Source::kStatus)], 1);
  EXPECT_EQ(named.counts.reads[index_of(Source::kStat)], 0);
  EXPECT_EQ(named.table.failures().size(), 0);
  Read ids;
  read(platform, ids, {self}, bit(Field::pgid) | bit(Field::sid), true);
  EXPECT_EQ(ids.i32(Field::pgid), getpgid(0));
  EXPECT_EQ(ids.i32(Field::sid), getsid(0));
  Read alone;
  read(platform, alone, {self}, bit(Field::sid), true);
  EXPECT_EQ(alone.i32(Field::sid), getsid(0));
  for (const Field field : {Field::pgid, Field::sid, Field::rlimits, Field::name}) {
    Read gone;
    read(platform, gone, {INT32_MAX}, bit(field), true);
    EXPECT_EQ(gone.table.rows(), 0);
    EXPECT_EQ(gone.table.taken(), 1);
  }
}

TEST("an action sets a limit and returns the one before, only of the process that is meant") {
  Backend platform("/proc");
  rlimit now;
  EXPECT_EQ(getrlimit(RLIMIT_CORE, &now), 0);
  const Limit same = {now.rlim_cur, now.rlim_max};
  Limit before = {};
  EXPECT(set_limit_of(platform, {getpid()}, RLIMIT_CORE, same, before).ok());
  EXPECT_EQ(before.soft, now.rlim_cur);
  EXPECT_EQ(before.hard, now.rlim_max);
  EXPECT_EQ(set_limit_of(platform, {getpid(), 1}, RLIMIT_CORE, same, before).kind, Failure::Kind::kGone);
  EXPECT_EQ(set_limit_of(platform, {0}, RLIMIT_CORE, same, before).kind, Failure::Kind::kGone);
  Backend files("/proc/.");
  EXPECT_EQ(set_limit_of(files, {getpid()}, RLIMIT_CORE, same, before).kind, Failure::Kind::kUnsupported);
}

// A start that distinguishes a process from every other one.
double start_of(Backend& platform, int32_t pid, double start) {
  ReadRequest request = {};
  request.pids = &pid;
  request.starts = &start;
  request.count = 1;
  request.fields = bit(Field::startTime);
  TableBuilder table;
  SourceCounts counts;
  EXPECT(platform.read(request, table, counts));
  double found;
  std::memcpy(&found, table.column(row_of(Field::startTime).first), sizeof found);
  return table.failures().size() == 0 ? found : NAN;
}

TEST("the fraction of a start belongs to it, in reads and in actions") {
  Backend platform("/proc");
  const auto self = static_cast<int32_t>(getpid());
  const double plain = start_of(platform, self, ProcessRef::kAnyStart);
  const double whole = start_of(platform, self, ProcessRef::kIdentify);
  EXPECT_EQ(plain, std::floor(whole));
  EXPECT_EQ(start_of(platform, self, plain), plain);
  EXPECT_EQ(start_of(platform, self, whole), whole);
  rlimit now;
  EXPECT_EQ(getrlimit(RLIMIT_CORE, &now), 0);
  const Limit same = {now.rlim_cur, now.rlim_max};
  Limit before = {};
  EXPECT(set_limit_of(platform, {self, plain}, RLIMIT_CORE, same, before).ok());
  EXPECT(set_limit_of(platform, {self, whole}, RLIMIT_CORE, same, before).ok());
  if (whole == plain) return;  // this kernel does not number processes
  const double other = whole == plain + 0.5 ? plain + 0.25 : plain + 0.5;
  EXPECT(std::isnan(start_of(platform, self, other)));
  EXPECT_EQ(set_limit_of(platform, {self, other}, RLIMIT_CORE, same, before).kind, Failure::Kind::kGone);
}

TEST("a read over the list of PIDs reads every process that stays once, however often it stops") {
  Backend platform("/proc");
  Array<int32_t> listed;
  int64_t cursor = 0;
  EXPECT(platform.list(cursor, SIZE_MAX, nullptr, listed).ok());
  const int32_t pending = 1;
  for (const size_t max : {size_t{1}, size_t{7}, SIZE_MAX}) {
    std::vector<int32_t> seen;
    ReadRequest request = {};
    request.fields = bit(Field::umask) | bit(Field::pgid);
    request.kind = ReadKind::kCursor;
    request.listed = request.drop_gone = true;
    request.cursor.max = max;
    request.urgent_pending = &pending;
    do {
      TableBuilder table;
      SourceCounts counts;
      EXPECT(platform.read(request, table, counts));
      EXPECT(table.refused().ok());
      EXPECT(table.rows() <= 2);
      for (size_t row = 0; row < table.rows(); row++) {
        int32_t pid;
        pid = table.pids()[row];
        EXPECT(seen.empty() || seen.back() < pid);
        seen.push_back(pid);
      }
      request.cursor.from = table.next();
    } while (request.cursor.from >= 0);
    for (size_t i = 0; i < listed.size(); i++) {
      if (kill(listed[i], 0) == 0) EXPECT(std::binary_search(seen.begin(), seen.end(), listed[i]));
    }
  }
}

TEST("a read that a call waits behind stops after a few processes and returns how far it came") {
  Backend platform("/proc");
  const std::vector<int32_t> pids(100, static_cast<int32_t>(getpid()));
  const int32_t pending = 1;
  ReadRequest request = {};
  request.pids = pids.data();
  request.count = pids.size();
  request.fields = bit(Field::pgid);
  request.urgent_pending = &pending;
  TableBuilder table;
  SourceCounts counts;
  EXPECT(platform.read(request, table, counts));
  EXPECT(table.taken() > 0);
  EXPECT(table.taken() < pids.size());
  EXPECT_EQ(table.rows(), table.taken());
}

TEST("a read that no call waits behind takes every process, gone ones among them") {
  Backend platform("/proc");
  const std::vector<int32_t> pids = {static_cast<int32_t>(getpid()), INT32_MAX, static_cast<int32_t>(getpid())};
  const int32_t none = 0;
  ReadRequest request = {};
  request.pids = pids.data();
  request.count = pids.size();
  request.fields = bit(Field::pgid);
  request.drop_gone = true;
  request.urgent_pending = &none;
  TableBuilder table;
  SourceCounts counts;
  EXPECT(platform.read(request, table, counts));
  EXPECT_EQ(table.taken(), 3);
  EXPECT_EQ(table.rows(), 2);
}

TEST("a listing that a call waits behind continues from where it stopped") {
  Backend platform("/proc");
  Array<int32_t> whole;
  int64_t end = 0;
  EXPECT(platform.list(end, SIZE_MAX, nullptr, whole).ok());
  const int32_t pending = 1;
  Array<int32_t> parts;
  for (int64_t cursor = 0; cursor >= 0;) EXPECT(platform.list(cursor, SIZE_MAX, &pending, parts).ok());
  EXPECT(parts.size() > 0);
  EXPECT_EQ(parts[0], whole[0]);
  for (size_t i = 1; i < parts.size(); i++) EXPECT(parts[i] > parts[i - 1]);
}

TEST("a read stops where its table is full, after one process at least, and says how far it came") {
  Backend platform("/proc");
  const std::vector<int32_t> pids(100, static_cast<int32_t>(getpid()));
  ReadRequest request = {};
  request.pids = pids.data();
  request.count = pids.size();
  request.fields = bit(Field::pgid);
  for (const size_t rows : {size_t{1}, size_t{10}}) {
    TableBuilder table;
    table.set_max_bytes(rows * 2 * sizeof(int32_t));
    SourceCounts counts;
    EXPECT(platform.read(request, table, counts));
    EXPECT(table.is_full());
    EXPECT_EQ(table.rows(), rows);
    EXPECT_EQ(table.taken(), rows);
  }
}

TEST("a read of the list of PIDs whose table is full says where the rest begins") {
  Backend platform("/proc");
  ReadRequest request = {};
  request.kind = ReadKind::kCursor;
  request.fields = bit(Field::pgid);
  request.listed = request.drop_gone = true;
  request.cursor.max = SIZE_MAX;
  TableBuilder table;
  table.set_max_bytes(1);
  SourceCounts counts;
  EXPECT(platform.read(request, table, counts));
  EXPECT_EQ(table.rows(), 1);
  EXPECT(table.next() > table.pids()[0]);
}
