#include "platform/darwin/process_reader.h"

#include "platform/shared/groups.h"
#include "platform/shared/rlimit.h"

namespace psutil {

Failure Darwin::look_up(int32_t pid, Info& info) {
  count(Source::kPid);
  return read_kinfo(pid, info);
}

void Darwin::put_info(const Info& info, RowBuilder& row) {
  if (pid_of(info) == getpid() && row.wants(Field::groups)) {
    count(Source::kGroups);
    const Failure failure = get_own_groups(groups_);
    if (failure.ok()) row.put_variable(Field::groups, groups_.data(), groups_.size());
    row.fail(Field::groups, failure);
  }
  put_kinfo(info, row);
}

bool Darwin::put_rest(const Info& info, RowBuilder& row) {
  if (!row.wants(Field::sid)) return true;
  int32_t sid = 0;
  Failure failure = zombie("getsid");
  if (!is_zombie(info)) {
    const int32_t calls = sessions_.calls();
    failure = sessions_.of(pid_of(info), info.kp_eproc.e_pgid, sid);
    if (sessions_.calls() != calls) count(Source::kSession);
  }
  if (failure.kind == Failure::Kind::kGone) return false;
  if (failure.ok()) row.put_i32(Field::sid, sid);
  row.fail(Field::sid, failure);
  return true;
}

Failure Darwin::read_by_call(Field field, const Info& info, RowBuilder& row) {
  const int32_t pid = pid_of(info);
  if (field == Field::rlimits) {
    if (pid != getpid()) return unsupported("getrlimit");
    count(Source::kRlimit);
    Limits limits;
    const Failure failure = get_own_rlimits(limits);
    if (failure.ok()) row.put_variable(field, limits.values, limits.count * sizeof(Limit));
    return failure;
  }
  const bool session = field == Field::sid;
  if (!session && field != Field::threads) return unsupported("proc_pidinfo");
  count(session ? Source::kSession : Source::kTask);
  int32_t value;
  const Failure failure = session ? read_session(pid, value) : read_threads(pid, value);
  if (failure.ok()) row.put_i32(field, value);
  return failure;
}

}  // namespace psutil
