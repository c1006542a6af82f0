#include "platform/freebsd/row.h"

#include "platform/freebsd/rlimit.h"
#include "platform/freebsd/single.h"
#include "platform/posix/answer.h"

namespace psutil {

Failure RowReader::find(const Target& target, kinfo_proc& info) {
  if (target.pid < 0) return gone("sysctl");
  count(Source::kPid);
  Failure failure = read_kinfo(target.pid, info);
  if (!failure.ok() || !is_bound(target) || start_of(info, boot_) == target.start) return failure;
  // It is another process, or the clock has been set since the boot time was read.
  const int64_t before = boot_;
  failure = read_boot_time(boot_);
  if (!failure.ok()) return failure;
  if (boot_ == before) return gone("sysctl");
  count(Source::kPid);
  failure = read_kinfo(target.pid, info);
  return failure.ok() && start_of(info, boot_) != target.start ? gone("sysctl") : failure;
}

bool RowReader::read(const Target& target, FieldMask fields, Columns& columns) {
  OpenRow row(columns, fields);
  kinfo_proc info;
  const Failure failure = find(target, info);
  if (!failure.ok()) {
    columns.fail_row(failure);
    return failure.kind != Failure::Kind::kGone;
  }
  put_kinfo(info, boot_, row);
  if (!singles(target, info, row)) {
    columns.fail_row(gone("sysctl"));
    return false;
  }
  row.close(unsupported("sysctl"));
  return true;
}

bool RowReader::put(const kinfo_proc& info, FieldMask fields, Columns& columns) {
  OpenRow row(columns, fields);
  put_kinfo(info, boot_, row);
  if (!singles({info.ki_pid, start_of(info, boot_)}, info, row)) return false;
  row.close(unsupported("sysctl"));
  return true;
}

// What takes a call each. False where the PID is no longer that process's.
bool RowReader::singles(const Target& target, const kinfo_proc& info, OpenRow& row) {
  bool asked = false;
  if (row.wants(Field::groups) && has_more_groups(info)) {
    asked = true;
    count(Source::kGroups);
    const Failure failure = explain(target, read_groups(target.pid, groups_));
    if (failure.kind == Failure::Kind::kGone) return false;
    if (failure.ok()) row.put_entry(Field::groups, groups_.data(), groups_.size());
    row.fail(Field::groups, failure);
  }
  if (row.wants(Field::umask)) {
    asked = true;
    count(Source::kUmask);
    int32_t umask;
    const Failure failure = is_zombie(info) ? zombie("sysctl") : explain(target, read_umask(target.pid, umask));
    if (failure.kind == Failure::Kind::kGone) return false;
    if (failure.ok()) row.put_i32(Field::umask, umask);
    row.fail(Field::umask, failure);
  }
  if (row.wants(Field::rlimits)) {
    asked = true;
    count(Source::kRlimit);
    Limits limits;
    const Failure failure = is_zombie(info) ? zombie("sysctl") : explain(target, get_rlimits(target.pid, limits));
    if (failure.kind == Failure::Kind::kGone) return false;
    if (failure.ok()) row.put_entry(Field::rlimits, limits.values, limits.count * sizeof(Limit));
    row.fail(Field::rlimits, failure);
  }
  if (!asked || !is_bound(target)) return true;
  // Those calls know the PID alone: it must still be the same process's now.
  kinfo_proc after;
  return find(target, after).ok();
}

// "No such process" is also what is answered of one that is about to end, and no longer has this.
Failure RowReader::explain(const Target& target, const Failure& failure) {
  if (failure.kind != Failure::Kind::kGone) return failure;
  kinfo_proc info;
  const Failure found = find(target, info);
  return found.ok() ? zombie("sysctl") : found;
}

Failure set_rlimit(RowReader& reader, const Target& target, int32_t resource, const Limit& limit, Limit& before) {
  kinfo_proc info;
  Failure failure = reader.find(target, info);
  if (!failure.ok()) return failure;
  if (is_zombie(info)) return zombie("sysctl");
  failure = exchange_rlimit(target.pid, resource, limit, before);
  if (!failure.ok() || !is_bound(target)) return failure;
  // Between the check and the call the PID may have become another's.
  return reader.find(target, info);
}

}  // namespace psutil
