#include "platform/linux/sources/stat.h"

#include <cerrno>
#include <cmath>

#include "core/text.h"
#include "platform/linux/page_size.h"
#include "platform/linux/scheduler_policy.h"
#include "platform/linux/ticks.h"
#include "platform/procfs/stat.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

void put_times(OpenProcess& row, uint64_t user, uint64_t system, uint64_t children_user, uint64_t children_system,
               uint64_t block_delay) {
  const double times[] = {milliseconds(user), milliseconds(system), milliseconds(children_user),
                          milliseconds(children_system), milliseconds(block_delay)};
  row.put_struct(Field::cpuTimes, times);
  row.ticks_used = user + system;
}

void put_usage(OpenProcess& row, const StatText& stat) {
  const auto& at = stat.at;
  if (row.wants(Field::cpuTimes)) put_times(row, at[kUtime], at[kStime], at[kCutime], at[kCstime], at[kBlockDelay]);
  if (row.wants(Field::pageFaults)) {
    const double faults[] = {static_cast<double>(at[kMinflt]), static_cast<double>(at[kMajflt]),
                             static_cast<double>(at[kCminflt]), static_cast<double>(at[kCmajflt])};
    row.put_struct(Field::pageFaults, faults);
  }
  if (row.wants(Field::scheduler)) {
    struct {
      SchedulerPolicy policy;
      uint32_t priority;
    } scheduler = {SchedulerPolicy::kOther, static_cast<uint32_t>(at[kRtPriority])};
    if (policy_of(at[kPolicy], scheduler.policy)) row.put_struct(Field::scheduler, &scheduler);
  }
  if (row.wants(Field::terminal)) {
    if (at[kTtyNr] == 0) {
      row.put_null(Field::terminal);
    } else if (row.scratch.terminals.find(static_cast<uint32_t>(at[kTtyNr]))) {
      row.put_text(Field::terminal, row.scratch.terminals.name());
    }
  }
}

// What `statm` has besides is not in a sample. Of a process whose main thread has ended, it has another thread's.
void put_sizes(OpenProcess& row, double resident, double size) {
  const double memory[] = {resident, size, std::nan(""), std::nan(""), std::nan("")};
  row.put_struct(Field::memory, memory);
}

}  // namespace

Failure put_stat(OpenProcess& row, std::string_view text) {
  StatText stat;
  const FieldSet wanted = row.is_sampled ? row.missing() : row.missing() & ~bit(Field::memory);
  if (!parse_stat(text, stat, wanted)) return failure_of(EIO, "read");
  // The parent has waited for the process while the kernel wrote this text.
  const int32_t threads = stat.numbers.i32(Field::threads);
  if (stat.numbers.i32(Field::pgid) == -1 && threads == 0) return gone("read");
  row.state = stat.state;
  row.threads = threads;
  row.put(stat.numbers, wanted);
  if (row.wants(Field::name)) row.put(Field::name, stat.name.data(), stat.name.size());
  if (row.wants(Field::state)) row.put_state(stat.state);
  if (row.wants(Field::startTime)) row.put_f64(Field::startTime, start_of(stat.start, row.serial));
  put_usage(row, stat);
  const bool has_sizes = !is_ended(row.state) || row.threads <= 1;
  if ((wanted & bit(Field::memory)) != 0 && has_sizes) {
    put_sizes(row, bytes_of_pages(stat.at[kRss]), static_cast<double>(stat.at[kVsize]));
  }
  if (row.rest != nullptr) row.rest->note(stat, row.processor_time);
  return {};
}

void put_unchanged(OpenProcess& row, const Rest& rest) {
  if (row.wants(Field::name)) row.put(Field::name, rest.name, rest.name_length);
  if (row.wants(Field::startTime)) row.put_f64(Field::startTime, start_of(rest.start, row.serial));
  put_times(row, rest.times[0], rest.times[1], rest.times[2], rest.times[3], rest.times[4]);
}

bool put_sampled_sizes(OpenProcess& row, std::string_view statm) {
  Scanner scanner(statm);
  uint64_t size;
  uint64_t resident;
  if (!scanner.number(size) || !scanner.number(resident)) return false;
  if (row.wants(Field::memory)) put_sizes(row, bytes_of_pages(resident), bytes_of_pages(size));
  return true;
}

}  // namespace psutil
