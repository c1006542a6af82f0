#include "platform/kinfo/process_reader.h"

#include <unistd.h>

#include <cerrno>
#include <cmath>

#include "platform/shared/rlimit.h"
#include "platform/shared/row_loop.h"

namespace psutil {

bool ProcessReader::is_start_of(const Kinfo& info, double start) const {
  return std::fabs(start_of(info, boot_) - start) <= kProcessStruct.start_tolerance;
}

// Finds the process, or returns why there is none.
Failure ProcessReader::find(const ProcessRef& target, FieldSet fields, Kinfo& info) {
  if (target.pid < 0) return gone("sysctl");
  context_.count(kLookup);
  Failure failure = read_kinfo(target.pid, fields, info);
  if (!failure.ok() || !is_bound(target)) return failure;
  // Without a start it is unknown whether this is the process.
  if (!info.has(Field::startTime)) return info.is_zombie() ? zombie("sysctl") : failure_of(EBUSY, "sysctl");
  if (is_start_of(info, target.start)) return {};
  // It is another process, or the clock has been set since the boot time was read.
  const int64_t before = boot_;
  failure = read_boot_time(boot_);
  if (!failure.ok()) return failure;
  if (boot_ == before) return gone("sysctl");
  context_.count(kLookup);
  failure = read_kinfo(target.pid, fields, info);
  return failure.ok() && !is_start_of(info, target.start) ? gone("sysctl") : failure;
}

Failure ProcessReader::find(const ProcessRef& target) {
  Kinfo info;
  return find(target, 0, info);
}

bool ProcessReader::read(const ProcessRef& target, FieldSet fields, TableBuilder& table) {
  RowBuilder row(table, fields);
  Kinfo info;
  Failure failure = find(target, fields, info);
  if (failure.ok() && !fill(target, info, row)) failure = gone("sysctl");
  if (!failure.ok()) table.fail_row(failure);
  return failure.kind != Failure::Kind::kGone;
}

bool ProcessReader::put(const ProcessRef& target, const Kinfo& info, FieldSet fields, TableBuilder& table) {
  // If it is not certain that this is the process, it is read alone.
  const bool certain = info.has(Field::startTime) ? !is_bound(target) || is_start_of(info, target.start)
                                                  : info.is_zombie() && !is_bound(target);
  if (!certain) return read(target, fields, table);
  const ProcessRef found = {info.pid, info.has(Field::startTime) ? start_of(info, boot_) : ProcessRef::kAnyStart};
  if (info.is_stale) return read(found, fields, table);
  RowBuilder row(table, fields);
  if (fill(found, info, row)) return true;
  table.fail_row(gone("sysctl"));
  return false;
}

// Returns false if the PID is another process's by now.
bool ProcessReader::fill(const ProcessRef& target, const Kinfo& info, RowBuilder& row) {
  put_kinfo(info, boot_, row);
  bool asked = false;
  for (FieldSet fields = kPerProcessCalls.fields; fields != 0; fields &= fields - 1) {
    const auto field = static_cast<Field>(__builtin_ctzll(fields));
    if (!row.wants(field)) continue;
    const Failure failure = explain(target, kPerProcessCalls.read(field, info, context_, row));
    asked |= failure.kind != Failure::Kind::kUnsupported;
    if (failure.kind == Failure::Kind::kGone) return false;
    row.fail(field, failure);
  }
  if (asked && is_bound(target)) {
    // Those calls take the PID alone: it must still be the same process's.
    Kinfo after;
    if (!find(target, 0, after).ok()) return false;
  }
  fail_absent(info, kProcessStruct.fields, row);
  row.finish(unsupported("sysctl"));
  return true;
}

// "No such process" is also the error for a process that has ended or is ending, and no longer has this value. "Busy" is the
// error for one that is ending.
Failure ProcessReader::explain(const ProcessRef& target, const Failure& failure) {
  const bool is_gone = failure.kind == Failure::Kind::kGone;
  if (!is_gone && failure.number != EBUSY) return failure;
  Kinfo info;
  const Failure found = find(target, 0, info);
  if (!found.ok()) return found;
  if (is_gone && kPerProcessCalls.why_absent != nullptr) return kPerProcessCalls.why_absent(info);
  return is_gone || info.is_zombie() ? zombie("sysctl") : failure;
}

Failure ProcessReader::exchange_rlimit(int32_t pid, int32_t resource, const Limit& limit, Limit& before) {
  if (pid == getpid()) return set_own_rlimit(resource, limit, before);
  if (kPerProcessCalls.exchange_rlimit == nullptr) return unsupported("setrlimit");
  return kPerProcessCalls.exchange_rlimit(pid, resource, limit, before);
}

Failure ProcessReader::set_rlimit(const ProcessRef& target, int32_t resource, const Limit& limit, Limit& before) {
  Kinfo info;
  Failure failure = find(target, 0, info);
  if (!failure.ok()) return failure;
  failure = explain(target, exchange_rlimit(target.pid, resource, limit, before));
  if (!failure.ok() || !is_bound(target)) return failure;
  // Between the check and the call the PID may have become another's.
  return find(target, 0, info);
}

}  // namespace psutil
