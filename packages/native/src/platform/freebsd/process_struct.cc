// struct kinfo_proc, in which FreeBSD returns nearly all of one process or, in one call, of every process:
// sys/kern/kern_proc.c, fill_kinfo_proc().
#include <sys/types.h>

#include <sys/param.h>
#include <sys/proc.h>
#include <sys/sysctl.h>
#include <sys/user.h>

#include <cerrno>

#include "platform/kinfo/members.h"
#include "platform/kinfo/read_structs.h"
#include "platform/kinfo/system.h"

namespace psutil {
namespace {

State state_of(const kinfo_proc& raw) {
  switch (raw.ki_stat) {
    case SSLEEP:
      return (raw.ki_tdflags & TDF_SINTR) != 0 ? State::kSleeping : State::kDiskSleep;
    case SSTOP:
      return (raw.ki_flag & P_TRACED) != 0 ? State::kTracingStop : State::kStopped;
    case SZOMB:
      return State::kZombie;
    case SLOCK:
      return State::kDiskSleep;
    case SIDL:   // being created
    case SWAIT:  // a thread of the kernel that waits for an interrupt
      return State::kIdle;
    default:
      return State::kRunning;
  }
}

constexpr Member kMembers[] = {
    PSUTIL_MEMBER(kPid, kinfo_proc, ki_pid),
    PSUTIL_MEMBER(kPpid, kinfo_proc, ki_ppid),
    PSUTIL_MEMBER(kPgid, kinfo_proc, ki_pgid),
    PSUTIL_MEMBER(kSid, kinfo_proc, ki_sid),
    PSUTIL_MEMBER(kThreads, kinfo_proc, ki_numthreads),
    PSUTIL_MEMBER(kRealUid, kinfo_proc, ki_ruid),
    PSUTIL_MEMBER(kUid, kinfo_proc, ki_uid),
    PSUTIL_MEMBER(kSavedUid, kinfo_proc, ki_svuid),
    PSUTIL_MEMBER(kRealGid, kinfo_proc, ki_rgid),
    PSUTIL_MEMBER(kFirstGroup, kinfo_proc, ki_groups[0]),
    PSUTIL_MEMBER(kSavedGid, kinfo_proc, ki_svgid),
    PSUTIL_MEMBER(kGroupCount, kinfo_proc, ki_ngroups),
    PSUTIL_MEMBER(kGroups, kinfo_proc, ki_groups),
    PSUTIL_MEMBER(kName, kinfo_proc, ki_comm),
    PSUTIL_MEMBER(kPending, kinfo_proc, ki_siglist),
    PSUTIL_MEMBER(kBlocked, kinfo_proc, ki_sigmask),
    PSUTIL_MEMBER(kIgnored, kinfo_proc, ki_sigignore),
    PSUTIL_MEMBER(kCaught, kinfo_proc, ki_sigcatch),
    PSUTIL_MEMBER(kStartSeconds, kinfo_proc, ki_start.tv_sec),
    PSUTIL_MEMBER(kStartMicroseconds, kinfo_proc, ki_start.tv_usec),
    PSUTIL_MEMBER(kExitStatus, kinfo_proc, ki_xstat),
};

Failure take(const kinfo_proc& raw, Kinfo& info) {
  if (raw.ki_structsize != sizeof raw) return unsupported("sysctl");
  info = decode(kMembers, raw);
  info.set_state(state_of(raw));
  // The struct has the first KI_NGROUPS only. A call of their own returns them all.
  if ((raw.ki_cr_flags & KI_CRF_GRP_OVERFLOW) != 0) info.present &= ~bit(Field::groups);
  return {};
}

}  // namespace

const ProcessStruct kProcessStruct = {fields_of(kMembers) | bit(Field::state), signal_sets_of(kMembers)};

Failure read_kinfo(int32_t pid, FieldSet, Kinfo& info) {
  kinfo_proc raw;
  Failure failure = read_struct({{CTL_KERN, KERN_PROC, KERN_PROC_PID, pid}, 4}, &raw, sizeof raw, ENOMEM);
  if (failure.ok()) failure = take(raw, info);
  if (!failure.ok()) return failure;
  // A number above PID_MAX is a thread's; the kernel returns its process.
  return info.pid == pid ? Failure{} : gone("sysctl");
}

Failure read_process_table(FieldSet, Array<char>& bytes, SourceCounts&, Array<Kinfo>& processes) {
  const Mib mib = {{CTL_KERN, KERN_PROC, KERN_PROC_PROC}, 3};
  return read_structs<kinfo_proc>(mib, sizeof(kinfo_proc), bytes, [&](const kinfo_proc& raw) {
    Kinfo info;
    const Failure failure = take(raw, info);
    if (!failure.ok()) return failure;
    return processes.push(info) ? Failure{} : failure_of(ENOMEM, "malloc");
  });
}

}  // namespace psutil
