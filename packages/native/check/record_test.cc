// platform/linux/bpf/record.cc: a record of the kernel's iterator becomes a row. test/bpf compares rows of real processes.
#include "platform/linux/bpf/record.h"

#include <unistd.h>

#include <cstring>
#include <string>
#include <vector>

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

constexpr TaskUsage usage_of_all() {
  TaskUsage usage = {};
  usage.has = kWantsUsage;
  return usage;
}
constexpr TaskUsage kUsage = usage_of_all();

void make(Made& made, const TaskRecord& record, FieldSet fields, const TaskUsage& usage = kUsage) {
  static const uint32_t groups[kTaskGroups] = {};
  const TaskLimit limits[kTaskLimits] = {};
  TerminalNames terminals;
  UserNames users;
  RecordNames names = {terminals, users, 0xff};
  EXPECT(made.table.begin(fields, 1));
  made.table.open_row(record.pid);
  const Task task = {&record, groups, &usage, limits};
  const FieldSet held = held_by(task, fields);
  made.whole = held == fields;
  put_record(task, held, names, made.table);
  made.table.keep_row();
}

// The members of a struct, and what becomes of a part of usage.
std::vector<double> members_of(Field field, const TaskUsage& usage) {
  Made made;
  make(made, TaskRecord{}, bit(field), usage);
  EXPECT(made.whole);
  std::vector<double> values;
  for_each_column(field, [&](size_t column) { values.push_back(*reinterpret_cast<const double*>(made.table.column(column))); });
  return values;
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
  const FieldSet held = held_by({&record, nullptr, &kUsage, nullptr}, provided);
  EXPECT_EQ(held, bit(Field::name) | bit(Field::ppid) | bit(Field::pgid) | bit(Field::sid) | bit(Field::threads) |
                      bit(Field::startTime) | bit(Field::rlimits));
  record.threads = 1;
  EXPECT_EQ(held_by({&record, nullptr, &kUsage, nullptr}, provided), provided);
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
  EXPECT_EQ(wants_for(bit(Field::state) | bit(Field::threads)), 0u);
  EXPECT_EQ(wants_for(bit(Field::pgid)), unsigned{kWantsGroupAndSession});
  EXPECT_EQ(wants_for(bit(Field::pgid)), wants_for(bit(Field::sid)));
  EXPECT_EQ(wants_for(bit(Field::pageFaults)) & ~wants_for(bit(Field::cpuTimes)), unsigned{kWantsFaults});
  EXPECT_EQ(wants_for(bit(Field::rlimits)), unsigned{kWantsLimits});
  EXPECT_EQ(wants_for(bit(Field::uids)), wants_for(bit(Field::gids)));
  EXPECT_EQ(wants_for(kAllFields), 255u | kWantsGroupAndSession | kWantsUsage | kWantsFaults);
  EXPECT_EQ(wants_for(bit(Field::username)), wants_for(bit(Field::uids)));
  EXPECT_EQ(wants_for(bit(Field::memory)), unsigned{kWantsMemory});
  EXPECT_EQ(wants_for(row_of(Source::kBpf).provides & ~fields_of(kWantsUsage)), 255u | kWantsGroupAndSession);
  EXPECT_EQ(fields_of(kWantsIo), bit(Field::io));
  EXPECT_EQ(wants_for(kAllFields & ~row_of(Source::kBpf).provides), 0u);
}

TEST("a part of usage that a record lacks is left to /proc, and no other") {
  const TaskRecord record = {};
  const FieldSet provided = row_of(Source::kBpf).provides;
  for (unsigned part = kWantsThreads; part < kWantsUsage; part *= 2) {
    TaskUsage usage = kUsage;
    usage.has &= ~part;
    check::About about(std::to_string(part));
    EXPECT_EQ(held_by({&record, nullptr, &usage, nullptr}, provided), provided & ~fields_of(part));
    EXPECT(fields_of(part) != 0);
  }
  EXPECT_EQ(held_by({&record, nullptr, nullptr, nullptr}, provided), provided & ~fields_of(kWantsUsage));
}

TEST("a policy and a mode that are not known are left to /proc") {
  const TaskRecord record = {};
  TaskUsage usage = kUsage;
  usage.policy = 4;
  usage.seccomp = 3;
  const FieldSet fields = bit(Field::scheduler) | bit(Field::seccomp) | bit(Field::nice);
  EXPECT_EQ(held_by({&record, nullptr, &usage, nullptr}, fields), bit(Field::nice));
}

TEST("memory is counted in pages, code in those that it touches, and a sum below zero is none") {
  TaskUsage usage = kUsage;
  usage.total_pages = 10;
  usage.data_pages = 4;
  usage.stack_pages = 1;
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  usage.code_begin = 3 * page + 1;
  usage.code_end = 5 * page + 1;
  usage.resident[0] = 3;
  usage.resident[1] = 2;
  usage.resident[2] = -1;
  const auto size = static_cast<double>(page);
  EXPECT((members_of(Field::memory, usage) == std::vector<double>{5 * size, 10 * size, 3 * size, 3 * size, 5 * size}));
}

TEST("processor time is in whole ticks, and what counts of user and system is the time that a process ran") {
  TaskUsage usage = kUsage;
  usage.user = 30'000'000;
  usage.system = 10'000'000;
  usage.runtime = 119'999'999;
  usage.children_user = 19'999'999;
  usage.children_system = 20'000'000;
  usage.block_delay = 5;
  EXPECT((members_of(Field::cpuTimes, usage) == std::vector<double>{90, 20, 10, 20, 0}));
}

TEST("a terminal is named by its number, and one that no driver has is not supported") {
  TaskUsage usage = kUsage;
  usage.terminal = 136 << 8 | 3;
  Made named;
  make(named, TaskRecord{}, bit(Field::terminal), usage);
  const Array<uint8_t>& bytes = named.table.dictionary(Field::terminal).bytes();
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), "/dev/pts/3");
  usage.terminal = 4094 << 8;
  Made unknown;
  make(unknown, TaskRecord{}, bit(Field::terminal), usage);
  EXPECT_EQ(unknown.table.failures().size(), 1);
  EXPECT_EQ(unknown.table.failures()[0].kind, static_cast<int32_t>(Failure::Kind::kUnsupported));
}

TEST("namespaces that this kernel does not have are absent") {
  TaskUsage usage = kUsage;
  for (unsigned i = 0; i < 8; i++) usage.namespaces[i] = 100 + i;
  usage.namespaces[5] = 0;
  Made made;
  make(made, TaskRecord{}, bit(Field::namespaces), usage);
  const size_t first = row_of(Field::namespaces).first;
  for (size_t i = 0; i < 8; i++) EXPECT_EQ(made.table.validity(first + i) == nullptr, i != 5);
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
