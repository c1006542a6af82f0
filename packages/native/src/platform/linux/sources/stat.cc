#include "platform/procfs/stat.h"

#include <cerrno>

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

}  // namespace


Failure put_stat(OpenProcess& row, std::string_view text) {
  StatText stat;
  const FieldSet wanted = row.missing();
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
  return {};
}

}  // namespace psutil
