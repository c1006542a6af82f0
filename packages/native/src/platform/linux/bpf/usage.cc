// From what a process has used to a row, in the numbers that /proc has for the same.
#include "platform/linux/bpf/usage.h"

#include "platform/linux/bpf/cpu_times.h"
#include "platform/linux/namespace_links.h"
#include "platform/linux/page_size.h"
#include "platform/linux/scheduler_policy.h"
#include "platform/linux/ticks.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

static_assert(sizeof TaskUsage::namespaces / sizeof(unsigned) == kNamespaces);

double milliseconds_of(uint64_t nanoseconds, bool exact) {
  if (exact) return static_cast<double>(nanoseconds) / 1e6;
  return milliseconds(nanoseconds / kNanosecondsATick);
}

void put_cpu_times(const TaskUsage& usage, bool exact, TableBuilder& table) {
  const CpuTimes own = adjusted({usage.user, usage.system}, usage.runtime, {usage.last_user, usage.last_system});
  const double times[] = {milliseconds_of(own.user, exact), milliseconds_of(own.system, exact),
                          milliseconds_of(usage.children_user, exact), milliseconds_of(usage.children_system, exact),
                          milliseconds_of(usage.block_delay, exact)};
  table.put_struct(Field::cpuTimes, times);
}

// Processors count apart, so that a sum may be below 0 for a moment.
double counted(long long pages) { return bytes_of_pages(pages < 0 ? 0 : static_cast<uint64_t>(pages)); }

void put_memory(const TaskUsage& usage, TableBuilder& table) {
  const double shared = counted(usage.resident[0]) + counted(usage.resident[2]);
  const uint64_t code_pages = (usage.code_end + kPageSize - 1) / kPageSize - usage.code_begin / kPageSize;
  const double memory[] = {shared + counted(usage.resident[1]), bytes_of_pages(usage.total_pages), shared,
                           bytes_of_pages(code_pages), bytes_of_pages(usage.data_pages + usage.stack_pages)};
  table.put_struct(Field::memory, memory);
}

void put_scheduler(const TaskUsage& usage, TableBuilder& table) {
  struct {
    SchedulerPolicy policy;
    uint32_t priority;
  } scheduler = {SchedulerPolicy::kOther, usage.priority};
  policy_of(usage.policy, scheduler.policy);
  table.put_struct(Field::scheduler, &scheduler);
}

void put_namespaces(const TaskUsage& usage, uint32_t namespaces, TableBuilder& table) {
  double inodes[kNamespaces];
  for (size_t i = 0; i < kNamespaces; i++) inodes[i] = usage.namespaces[i];
  table.put_struct(Field::namespaces, inodes);
  for (size_t i = 0; i < kNamespaces; i++) {
    if ((namespaces >> i & 1) == 0 || usage.namespaces[i] == 0) table.put_null_member(Field::namespaces, i);
  }
}

template <size_t kCount>
void put_numbers(Field field, const unsigned long long (&numbers)[kCount], TableBuilder& table) {
  double values[kCount];
  for (size_t i = 0; i < kCount; i++) values[i] = static_cast<double>(numbers[i]);
  table.put_struct(field, values);
}

}  // namespace

FieldSet held_by(const TaskUsage& usage, FieldSet fields) {
  // A record may end before these, where they are not wanted.
  const auto wants = [fields](Field field) { return (fields & bit(field)) != 0; };
  SchedulerPolicy policy;
  if (wants(Field::scheduler) && !policy_of(usage.policy, policy)) fields &= ~bit(Field::scheduler);
  if (wants(Field::seccomp) && usage.seccomp > static_cast<uint32_t>(Seccomp::kFilter)) fields &= ~bit(Field::seccomp);
  return fields;
}

void put_usage(const TaskUsage& usage, FieldSet fields, TerminalNames& terminals, uint32_t namespaces, bool exact, TableBuilder& table) {
  const auto wants = [fields](Field field) { return (fields & bit(field)) != 0; };
  if (wants(Field::cpuTimes)) put_cpu_times(usage, exact, table);
  if (wants(Field::memory)) put_memory(usage, table);
  if (wants(Field::pageFaults)) {
    put_numbers(Field::pageFaults,
                {usage.minor_faults, usage.major_faults, usage.children_minor_faults, usage.children_major_faults}, table);
  }
  if (wants(Field::contextSwitches)) put_numbers(Field::contextSwitches, usage.switches, table);
  if (wants(Field::io)) put_numbers(Field::io, usage.io, table);
  if (wants(Field::nice)) table.put_i32(Field::nice, usage.nice);
  if (wants(Field::scheduler)) put_scheduler(usage, table);
  if (wants(Field::processor)) table.put_i32(Field::processor, usage.processor);
  if (wants(Field::oomScoreAdj)) table.put_i32(Field::oomScoreAdj, usage.oom_score_adj);
  if (wants(Field::capabilities)) table.put_struct(Field::capabilities, usage.capabilities);
  if (wants(Field::seccomp)) table.put_enum(Field::seccomp, static_cast<uint8_t>(usage.seccomp));
  if (wants(Field::noNewPrivs)) table.put_bool(Field::noNewPrivs, usage.no_new_privs != 0);
  if (wants(Field::namespaces)) put_namespaces(usage, namespaces, table);
  if (wants(Field::terminal)) {
    if (usage.terminal == 0) table.put_null(Field::terminal);
    else if (terminals.find(usage.terminal)) table.put_variable(Field::terminal, terminals.name().data(), terminals.name().size());
    else table.fail(Field::terminal, unsupported("read"));
  }
}

}  // namespace psutil
