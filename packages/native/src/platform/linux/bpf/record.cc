// From a record to a row, in the words that /proc has for the same.
#include "platform/linux/bpf/record.h"

#include <cerrno>
#include <cstring>
#include <ctime>

#include "platform/linux/bpf/records.h"
#include "platform/linux/bpf/task_iterator.h"
#include "platform/linux/bpf/usage.h"
#include "platform/linux/ticks.h"
#include "platform/procfs/limits.h"

namespace psutil {
namespace {

static_assert(kTaskLimits == kResources && sizeof(TaskLimit) == sizeof(Limit));

// __task_state_index() in include/linux/sched.h, which makes the letter of /proc.
State state_of(uint32_t state, uint32_t exit_state) {
  constexpr uint32_t kUninterruptible = 0x2;
  constexpr uint32_t kReported = 0x7f;
  constexpr uint32_t kIdle = 0x402;
  constexpr uint32_t kWaitsForRealTimeLock = 0x1000;
  constexpr uint32_t kFrozen = 0x8000;
  if ((state & kIdle) == kIdle) return State::kIdle;
  const uint32_t reported = (state & (kWaitsForRealTimeLock | kFrozen)) != 0 ? kUninterruptible : (state | exit_state) & kReported;
  constexpr State kByBit[] = {State::kSleeping,    State::kDiskSleep, State::kStopped, State::kTracingStop,
                              State::kDead,        State::kZombie,    State::kParked};
  return reported == 0 ? State::kRunning : kByBit[31 - __builtin_clz(reported)];
}

// Of kernel threads, /proc has more than 15 bytes, and what a worker works on.
bool has_longer_name(const TaskRecord& record) {
  if ((record.flags & kTaskIsKernelThread) == 0) return false;
  return (record.flags & kTaskIsWorker) != 0 || strnlen(record.name, kTaskName) == kTaskName - 1;
}

// What belongs to a thread: the record has the main thread's.
constexpr FieldSet kOfThread = bit(Field::umask) | bit(Field::state) | bit(Field::uids) | bit(Field::gids) |
                                bit(Field::groups) | bit(Field::sigmasks) | bit(Field::username);

struct Want {
  Field field;
  TaskWants wants;
};
constexpr Want kWants[] = {
    {Field::name, kWantsName},
    {Field::ppid, kWantsParent},
    {Field::pgid, kWantsGroupAndSession},
    {Field::sid, kWantsGroupAndSession},
    {Field::uids, kWantsIds},
    {Field::gids, kWantsIds},
    {Field::username, kWantsIds},
    {Field::groups, kWantsGroups},
    {Field::umask, kWantsUmask},
    {Field::sigmasks, kWantsSignals},
    {Field::startTime, kWantsStart},
    {Field::rlimits, kWantsLimits},
    {Field::cpuTimes, kWantsThreads},
    {Field::pageFaults, kWantsThreads},
    {Field::pageFaults, kWantsFaults},
    {Field::io, kWantsIo},
    {Field::memory, kWantsMemory},
    {Field::contextSwitches, kWantsSwitches},
    {Field::nice, kWantsScheduling},
    {Field::scheduler, kWantsScheduling},
    {Field::processor, kWantsScheduling},
    {Field::terminal, kWantsTerminal},
    {Field::oomScoreAdj, kWantsOomScoreAdj},
    {Field::capabilities, kWantsCapabilities},
    {Field::seccomp, kWantsSeccomp},
    {Field::noNewPrivs, kWantsSeccomp},
    {Field::namespaces, kWantsNamespaces},
};

constexpr FieldSet of_usage() {
  FieldSet fields = 0;
  for (const Want& want : kWants) fields |= (want.wants & kWantsUsage) != 0 ? bit(want.field) : 0;
  return fields;
}
constexpr FieldSet kOfUsage = of_usage();

// The fields that are numbers of a record as they stand there.
constexpr FieldSet kNumbers = bit(Field::ppid) | bit(Field::pgid) | bit(Field::sid) | bit(Field::threads);

// The fields that take more than to copy a number.
void put_values(const Task& task, FieldSet fields, RecordNames& names, TableBuilder& table) {
  const TaskRecord& record = *task.record;
  const auto wants = [fields](Field field) { return (fields & bit(field)) != 0; };
  if (wants(Field::name)) table.put_variable(Field::name, record.name, strnlen(record.name, kTaskName));
  if (wants(Field::state)) {
    table.put_enum(Field::state, static_cast<uint8_t>(state_of(record.state, record.exit_state)));
  }
  if (wants(Field::uids)) table.put_struct(Field::uids, record.uids);
  if (wants(Field::gids)) table.put_struct(Field::gids, record.gids);
  if (wants(Field::username)) {
    const std::string_view name = names.users.name_of(record.uids[1]);
    table.put_variable(Field::username, name.data(), name.size());
  }
  if (wants(Field::groups)) table.put_variable(Field::groups, task.groups, record.group_count * sizeof(uint32_t));
  if (wants(Field::umask)) {
    if (record.umask == kTaskHasNoUmask) {
      table.fail(Field::umask, {Failure::Kind::kZombie, ESRCH, "ESRCH", "read"});
    } else {
      table.put_i32(Field::umask, record.umask);
    }
  }
  if (wants(Field::sigmasks)) {
    SignalSets signals = {};
    signals.known = (1u << SignalSets::kSets) - 1;
    signals.sets[SignalSets::kPending][0] = record.pending;
    signals.sets[SignalSets::kProcessPending][0] = record.process_pending;
    signals.sets[SignalSets::kBlocked][0] = record.blocked;
    signals.sets[SignalSets::kIgnored][0] = record.ignored;
    signals.sets[SignalSets::kCaught][0] = record.caught;
    table.put_variable(Field::sigmasks, &signals, sizeof signals);
  }
  if (wants(Field::startTime)) table.put_f64(Field::startTime, start_of(record));
  if (wants(Field::rlimits)) table.put_variable(Field::rlimits, task.limits, kTaskLimits * sizeof(TaskLimit));
  if ((fields & kOfUsage) != 0) put_usage(*task.usage, fields, names.terminals, names.namespaces, names.exact_times, table);
}

}  // namespace

unsigned wants_for(FieldSet fields) {
  unsigned wants = 0;
  for (const Want& want : kWants) {
    if ((fields & bit(want.field)) != 0) wants |= want.wants;
  }
  return wants;
}

FieldSet fields_of(unsigned wants) {
  FieldSet fields = 0;
  for (const Want& want : kWants) {
    if ((wants & want.wants) != 0) fields |= bit(want.field);
  }
  return fields;
}

FieldSet held_by(const Task& task, FieldSet fields) {
  const TaskRecord& record = *task.record;
  // The main thread has ended, and others live: /proc has a living one's fields.
  const bool is_headless = record.exit_state != 0 && record.threads > 1;
  if (is_headless) fields &= ~kOfThread;
  if (task.usage == nullptr || is_headless) fields &= ~kOfUsage;
  else fields = held_by(*task.usage, fields & ~fields_of(kWantsUsage & ~task.usage->has));
  if ((fields & bit(Field::name)) != 0 && has_longer_name(record)) fields &= ~bit(Field::name);
  if (record.group_count > kTaskGroups) fields &= ~bit(Field::groups);
  return fields;
}

double start_of(const TaskRecord& record) { return static_cast<double>(record.start / kNanosecondsATick); }

void put_record(const Task& task, FieldSet fields, RecordNames& names, TableBuilder& table) {
  const TaskRecord& record = *task.record;
  const auto wants = [fields](Field field) { return (fields & bit(field)) != 0; };
  if (wants(Field::ppid)) table.put_i32(Field::ppid, record.ppid);
  if (wants(Field::pgid)) table.put_i32(Field::pgid, record.pgid);
  if (wants(Field::sid)) table.put_i32(Field::sid, record.sid);
  if (wants(Field::threads)) table.put_i32(Field::threads, record.threads);
  if ((fields & ~kNumbers) != 0) put_values(task, fields & ~kNumbers, names, table);
}

}  // namespace psutil
