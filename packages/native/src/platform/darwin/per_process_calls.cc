// What kinfo_proc does not have: sessions, threads, more than NGROUPS groups, and limits. macOS reads groups and limits of the
// caller's own process only.
#include <libproc.h>
#include <sys/types.h>

#include <sys/proc_info.h>
#include <unistd.h>

#include <cerrno>

#include "platform/darwin/sessions.h"
#include "platform/darwin/sources.h"
#include "platform/shared/errno.h"
#include "platform/shared/groups.h"
#include "platform/shared/rlimit.h"

namespace psutil {
namespace {

// PROC_PIDTASKINFO is for processes of the same user, and for root.
Failure read_threads(int32_t pid, int32_t& threads) {
  proc_taskinfo info;
  const int size = proc_pidinfo(pid, PROC_PIDTASKINFO, 0, &info, sizeof info);
  if (size <= 0) return failure_of(errno, "proc_pidinfo");
  if (static_cast<size_t>(size) < sizeof info) return unsupported("proc_pidinfo");
  threads = info.pti_threadnum;
  return {};
}

Failure put_own_groups(Array<char>& bytes, RowBuilder& row) {
  const Failure failure = get_own_groups(bytes);
  if (failure.ok()) row.put_variable(Field::groups, bytes.data(), bytes.size());
  return failure;
}

Failure read(Field field, const Kinfo& info, CallContext& context, RowBuilder& row) {
  const bool is_own = info.pid == getpid();
  if (field == Field::rlimits) {
    if (!is_own) return unsupported("getrlimit");
    context.count(kRlimit);
    return put_own_rlimits(row);
  }
  if (field == Field::groups) {
    if (!is_own) return unsupported("sysctl");
    context.count(kGroups);
    return put_own_groups(context.bytes, row);
  }
  int32_t value;
  Failure failure;
  if (field == Field::sid) {
    failure = read_session(info, context.counts, value);
  } else {
    context.count(kTask);
    failure = read_threads(info.pid, value);
  }
  if (failure.ok()) row.put_i32(field, value);
  return failure;
}

}  // namespace

const PerProcessCalls kPerProcessCalls = {
    kSourceNames, bit(Field::sid) | bit(Field::threads) | bit(Field::groups) | bit(Field::rlimits), read};

}  // namespace psutil
