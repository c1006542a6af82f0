#include "platform/procfs/stat.h"

#include <unistd.h>

#include <cerrno>
#include <cmath>

#include "platform/linux/open_process.h"
#include "platform/linux/scheduler_policy.h"
#include "platform/linux/ticks.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

void put_usage(OpenProcess& row, const StatText& stat) {
  const auto& at = stat.at;
  if (row.wants(Field::cpuTimes)) {
    const double times[] = {milliseconds(at[kUtime]), milliseconds(at[kStime]), milliseconds(at[kCutime]),
                            milliseconds(at[kCstime]), milliseconds(at[kBlockDelay])};
    row.put_struct(Field::cpuTimes, times);
    row.ticks_used = at[kUtime] + at[kStime];
  }
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
void put_sizes(OpenProcess& row, const StatText& stat) {
  if (is_ended(row.state) && row.threads > 1) return;
  const double memory[] = {static_cast<double>(stat.at[kRss]) * static_cast<double>(sysconf(_SC_PAGESIZE)),
                           static_cast<double>(stat.at[kVsize]), std::nan(""), std::nan(""), std::nan("")};
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
  if ((wanted & bit(Field::memory)) != 0) put_sizes(row, stat);
  return {};
}

}  // namespace psutil
