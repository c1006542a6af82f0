// struct kinfo_proc2, in which NetBSD returns nearly all of one process or, in one call, of every process:
// sys/kern/kern_proc.c, sysctl_doeproc() and fill_kproc2().
#include <sys/types.h>

#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/sysctl.h>

#include <cerrno>
#include <climits>

#include "platform/kinfo/members.h"
#include "platform/kinfo/read_structs.h"
#include "platform/kinfo/system.h"

namespace psutil {
namespace {

// The part of the struct that is needed. It grows at its end in later versions, and the kernel accepts any size.
constexpr size_t kSize = offsetof(kinfo_proc2, p_ename);
static_assert(kSize % alignof(kinfo_proc2) == 0, "each follows the one before");

constexpr FieldSet kThreadFields = bit(Field::startTime) | bit(Field::sigmasks);

State state_of(const kinfo_proc2& raw) {
  // p_stat is the state of a thread, if there is one. Its numbers are not those of processes.
  switch (raw.p_realstat) {
    case SDYING:
    case SZOMB:
    case SDEAD:
      return State::kZombie;
    case SSTOP:
      return (raw.p_realflag & P_TRACED) != 0 ? State::kTracingStop : State::kStopped;
  }
  switch (raw.p_stat) {
    case LSSLEEP:
      return (raw.p_flag & L_SINTR) != 0 ? State::kSleeping : State::kDiskSleep;
    case LSSTOP:
    case LSSUSPENDED:
      return (raw.p_flag & P_TRACED) != 0 ? State::kTracingStop : State::kStopped;
    case LSIDL:
      return State::kIdle;
    default:
      return State::kRunning;
  }
}

constexpr Member kMembers[] = {
    PSUTIL_MEMBER(kPid, kinfo_proc2, p_pid),
    PSUTIL_MEMBER(kPpid, kinfo_proc2, p_ppid),
    PSUTIL_MEMBER(kPgid, kinfo_proc2, p__pgid),
    PSUTIL_MEMBER(kSid, kinfo_proc2, p_sid),
    PSUTIL_MEMBER(kThreads, kinfo_proc2, p_nlwps),
    PSUTIL_MEMBER(kRealUid, kinfo_proc2, p_ruid),
    PSUTIL_MEMBER(kUid, kinfo_proc2, p_uid),
    PSUTIL_MEMBER(kSavedUid, kinfo_proc2, p_svuid),
    PSUTIL_MEMBER(kRealGid, kinfo_proc2, p_rgid),
    PSUTIL_MEMBER(kGid, kinfo_proc2, p_gid),
    PSUTIL_MEMBER(kSavedGid, kinfo_proc2, p_svgid),
    // The kernel's own list may be longer than the one in the struct, and the count is that of the longer one.
    PSUTIL_MEMBER(kGroupCount, kinfo_proc2, p_ngroups),
    PSUTIL_MEMBER(kGroups, kinfo_proc2, p_groups),
    PSUTIL_MEMBER(kName, kinfo_proc2, p_comm),
    PSUTIL_MEMBER(kPending, kinfo_proc2, p_siglist),
    PSUTIL_MEMBER(kBlocked, kinfo_proc2, p_sigmask),
    PSUTIL_MEMBER(kIgnored, kinfo_proc2, p_sigignore),
    PSUTIL_MEMBER(kCaught, kinfo_proc2, p_sigcatch),
    PSUTIL_MEMBER(kStartSeconds, kinfo_proc2, p_ustart_sec),
    PSUTIL_MEMBER(kStartMicroseconds, kinfo_proc2, p_ustart_usec),
    PSUTIL_MEMBER(kExitStatus, kinfo_proc2, p_xstat),
};

Kinfo kinfo_of(const kinfo_proc2& raw) {
  Kinfo info = decode(kMembers, raw);
  info.set_state(state_of(raw));
  if (raw.p_uvalid == 0) info.present &= ~kThreadFields;
  // A zombie has lost its start. It has no thread either, so no thread's signals are missing.
  if (info.is_zombie()) info.present = (info.present | bit(Field::sigmasks)) & ~bit(Field::startTime);
  return info;
}

}  // namespace

const ProcessStruct kProcessStruct = {fields_of(kMembers) | bit(Field::state), signal_sets_of(kMembers), true};

Failure read_kinfo(int32_t pid, FieldSet, Kinfo& info) {
  kinfo_proc2 raw;
  const Failure failure = read_struct({{CTL_KERN, KERN_PROC2, KERN_PROC_PID, pid, static_cast<int>(kSize), 1}, 6}, &raw, kSize);
  if (failure.ok()) info = kinfo_of(raw);
  return failure;
}

Failure read_process_table(FieldSet, Array<char>& bytes, SourceCounts&, Array<Kinfo>& processes) {
  const Mib mib = {{CTL_KERN, KERN_PROC2, KERN_PROC_ALL, 0, static_cast<int>(kSize), INT_MAX}, 6};
  int64_t before = 0;
  return read_structs<kinfo_proc2>(mib, kSize, bytes, [&](const kinfo_proc2& raw) {
    Kinfo info = kinfo_of(raw);
    // While a process begins another program, the kernel leaves some members as they were for the process before it in the
    // list. Such a process is then read alone.
    if (info.began == before && !info.is_zombie()) info.present &= ~kThreadFields;
    before = info.began;
    return processes.push(info) ? Failure{} : failure_of(ENOMEM, "malloc");
  });
}

}  // namespace psutil
