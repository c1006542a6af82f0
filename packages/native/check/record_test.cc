// platform/linux/bpf/record.cc: from what the kernel's iterator writes to a row. test/bpf compares both on real
// processes.
#include "platform/linux/bpf/record.h"

#include <cstring>

#include "harness/check.h"
#include "platform/linux/bpf/records.h"
#include "platform/linux/bpf/requirements.h"
#include "platform/linux/bpf/task_iterator.h"
#include "platform/linux/source_table.h"

using namespace psutil;

namespace {

struct Made {
  TableBuilder table;
  bool whole = false;  // the record holds every field
};

void make(Made& made, const TaskRecord& record, FieldSet fields) {
  static const uint32_t groups[kTaskGroups] = {};
  const TaskLimit limits[kTaskLimits] = {};
  EXPECT(made.table.begin(fields, 1));
  made.table.open_row(record.pid);
  const FieldSet held = held_by(record, fields);
  made.whole = held == fields;
  put_record({&record, groups, limits}, held, made.table);
  made.table.keep_row();
}

uint8_t state_for(uint32_t state, uint32_t exit_state) {
  TaskRecord record = {};
  record.state = state;
  record.exit_state = exit_state;
  Made made;
  make(made, record, bit(Field::state));
  EXPECT(made.whole);
  return *made.table.column(row_of(Field::state).first);
}

bool holds_name(const char* name, unsigned flags) {
  TaskRecord record = {};
  std::strncpy(record.name, name, kTaskName);
  record.flags = flags;
  Made made;
  make(made, record, bit(Field::name));
  return made.whole;
}

}  // namespace

TEST("a task's state bits become the state that /proc has a letter for") {
  struct Case {
    uint32_t state;
    uint32_t exit_state;
    State expected;
  };
  const Case cases[] = {
      {0x0, 0, State::kRunning},          {0x1, 0, State::kSleeping},    {0x2, 0, State::kDiskSleep},
      {0x4, 0, State::kStopped},          {0x8, 0, State::kTracingStop}, {0x40, 0, State::kParked},
      {0x402, 0, State::kIdle},           {0x80, 0x20, State::kZombie},  {0x80, 0x10, State::kDead},
      {0x80, 0x30, State::kZombie},       {0x100, 0, State::kRunning},   {0x1000, 0, State::kDiskSleep},
      {0x8000, 0, State::kDiskSleep},     {0x104, 0, State::kStopped},   {0x108, 0, State::kTracingStop},
      {0x2001, 0, State::kSleeping},
  };
  for (const Case& each : cases) {
    check::About about(std::to_string(each.state) + " " + std::to_string(each.exit_state));
    EXPECT_EQ(state_for(each.state, each.exit_state), static_cast<uint8_t>(each.expected));
  }
}

TEST("names that /proc has more of than a record are left to /proc, those of kernel threads alone") {
  EXPECT(holds_name("sleep", 0));
  EXPECT(holds_name("fifteen bytes..", 0));
  EXPECT(holds_name("kthreadd", kTaskIsKernelThread));
  EXPECT(!holds_name("kworker/0:1", kTaskIsKernelThread | kTaskIsWorker));
  EXPECT(!holds_name("fifteen bytes..", kTaskIsKernelThread));
}

TEST("groups beyond a record are left to /proc, where groups are asked for") {
  TaskRecord record = {};
  record.group_count = kTaskGroups;
  Made fitting;
  make(fitting, record, bit(Field::groups));
  EXPECT(fitting.whole);
  record.group_count = kTaskGroups + 1;
  Made beyond;
  make(beyond, record, bit(Field::groups));
  EXPECT(!beyond.whole);
  Made unasked;
  make(unasked, record, bit(Field::pgid));
  EXPECT(unasked.whole);
}

TEST("of a process whose main thread has ended, a record holds what is no thread's") {
  TaskRecord record = {};
  record.exit_state = 0x20;
  record.threads = 2;
  const FieldSet provided = row_of(Source::kBpf).provides;
  const FieldSet held = held_by(record, provided);
  EXPECT_EQ(held, bit(Field::name) | bit(Field::ppid) | bit(Field::pgid) | bit(Field::sid) | bit(Field::threads) |
                      bit(Field::startTime) | bit(Field::rlimits));
  record.threads = 1;
  EXPECT_EQ(held_by(record, provided), provided);
}

TEST("a process without an umask has ended, and nothing else of it is lost") {
  TaskRecord record = {};
  record.umask = kTaskHasNoUmask;
  Made made;
  make(made, record, kAllFields);
  EXPECT(made.whole);
  EXPECT_EQ(made.table.failures().size(), 1);
  EXPECT_EQ(made.table.failures()[0].kind, static_cast<int32_t>(Failure::Kind::kZombie));
}

TEST("only what is asked for is wanted of the kernel") {
  EXPECT_EQ(wants_for(0), 0u);
  EXPECT_EQ(wants_for(bit(Field::pgid) | bit(Field::sid) | bit(Field::state) | bit(Field::threads)), 0u);
  EXPECT_EQ(wants_for(bit(Field::rlimits)), unsigned{kWantsLimits});
  EXPECT_EQ(wants_for(bit(Field::uids)), wants_for(bit(Field::gids)));
  EXPECT_EQ(wants_for(kAllFields), 255u);
}

TEST("what the kernel refuses is not permitted or not supported, and what it lacks for the moment is neither") {
  EXPECT_EQ(refused_by_kernel(EPERM).kind, Failure::Kind::kDenied);
  EXPECT_EQ(refused_by_kernel(ENOSYS).kind, Failure::Kind::kUnsupported);
  EXPECT_EQ(refused_by_kernel(EINVAL).kind, Failure::Kind::kUnsupported);
  EXPECT_EQ(refused_by_kernel(EMFILE).kind, Failure::Kind::kSystem);
  for (const int number : {ENOSYS, EINVAL, E2BIG, ESRCH}) EXPECT(refused_by_kernel(number).lasts);
  for (const int number : {EPERM, EACCES, EMFILE, ENFILE, ENOMEM, EAGAIN, EINTR, EBUSY}) EXPECT(!refused_by_kernel(number).lasts);
  for (const int number : {EPERM, ENOSYS, EINVAL}) EXPECT(*refused_by_kernel(number).about != '\0');
}

TEST("a read by BPF in parts returns every process once, in the order of the PIDs, in any thread") {
  if (!missing_for_bpf().ok()) return;
  Backend platforms[2] = {Backend("/proc"), Backend("/proc")};
  int32_t last = 0;
  size_t rows = 0;
  ReadRequest request = {};
  request.fields = kAllFields;
  request.kind = ReadKind::kCursor;
  request.cursor.number = 1;
  request.cursor.max = 5;
  TableBuilder table;
  SourceCounts counts;
  for (int part = 0; request.cursor.from >= 0; part++) {
    EXPECT(platforms[part % 2].read(request, table, counts));
    EXPECT(table.refused().ok());
    if (!table.refused().ok()) return;
    for (size_t row = 0; row < table.rows(); row++) {
      int32_t pid;
      pid = table.pids()[row];
      EXPECT(pid > last);
      last = pid;
    }
    rows += table.rows();
    request.cursor.from = table.next();
  }
  EXPECT(rows > 5);
}
