// struct kinfo_proc, in which macOS returns most of one process or, in one call, of every process: bsd/kern/kern_sysctl.c of
// https://github.com/apple-oss-distributions/xnu, fill_user64_proc().
#include <sys/types.h>

#include <sys/proc.h>
#include <sys/sysctl.h>
#include <unistd.h>

#include <cerrno>

#include "platform/darwin/sessions.h"
#include "platform/kinfo/members.h"
#include "platform/kinfo/read_structs.h"
#include "platform/kinfo/system.h"

namespace psutil {
namespace {

// A process that sleeps is SRUN too: XNU keeps that state in its threads and does not return it here.
State state_of(const extern_proc& process) {
  switch (process.p_stat) {
    case SSTOP:
      return (process.p_flag & P_TRACED) != 0 ? State::kTracingStop : State::kStopped;
    case SZOMB:
      return State::kZombie;
    case SIDL:  // being created
      return State::kIdle;
    default:
      return State::kRunning;
  }
}

// p_siglist and p_sigmask are left out: the kernel never fills them in.
constexpr Member kMembers[] = {
    PSUTIL_MEMBER(kPid, kinfo_proc, kp_proc.p_pid),
    PSUTIL_MEMBER(kPpid, kinfo_proc, kp_eproc.e_ppid),
    PSUTIL_MEMBER(kPgid, kinfo_proc, kp_eproc.e_pgid),
    PSUTIL_MEMBER(kRealUid, kinfo_proc, kp_eproc.e_pcred.p_ruid),
    PSUTIL_MEMBER(kUid, kinfo_proc, kp_eproc.e_ucred.cr_uid),
    PSUTIL_MEMBER(kSavedUid, kinfo_proc, kp_eproc.e_pcred.p_svuid),
    PSUTIL_MEMBER(kRealGid, kinfo_proc, kp_eproc.e_pcred.p_rgid),
    PSUTIL_MEMBER(kFirstGroup, kinfo_proc, kp_eproc.e_ucred.cr_groups[0]),
    PSUTIL_MEMBER(kSavedGid, kinfo_proc, kp_eproc.e_pcred.p_svgid),
    PSUTIL_MEMBER(kGroupCount, kinfo_proc, kp_eproc.e_ucred.cr_ngroups),
    PSUTIL_MEMBER(kGroups, kinfo_proc, kp_eproc.e_ucred.cr_groups),
    PSUTIL_MEMBER(kName, kinfo_proc, kp_proc.p_comm),
    PSUTIL_MEMBER(kIgnored, kinfo_proc, kp_proc.p_sigignore),
    PSUTIL_MEMBER(kCaught, kinfo_proc, kp_proc.p_sigcatch),
    PSUTIL_MEMBER(kStartSeconds, kinfo_proc, kp_proc.p_starttime.tv_sec),
    PSUTIL_MEMBER(kStartMicroseconds, kinfo_proc, kp_proc.p_starttime.tv_usec),
    PSUTIL_MEMBER(kExitStatus, kinfo_proc, kp_proc.p_xstat),
};

Kinfo kinfo_of(const kinfo_proc& raw) {
  Kinfo info = decode(kMembers, raw);
  info.set_state(state_of(raw.kp_proc));
  // The struct has the first NGROUPS only. getgroups(2) returns all of the caller's.
  if (info.pid == getpid()) info.present &= ~bit(Field::groups);
  return info;
}

}  // namespace

const ProcessStruct kProcessStruct = {fields_of(kMembers) | bit(Field::state), signal_sets_of(kMembers)};

Failure read_kinfo(int32_t pid, FieldSet, Kinfo& info) {
  kinfo_proc raw;
  const Failure failure = read_struct({{CTL_KERN, KERN_PROC, KERN_PROC_PID, pid}, 4}, &raw, sizeof raw);
  if (failure.ok()) info = kinfo_of(raw);
  return failure;
}

Failure read_process_table(FieldSet fields, Array<char>& bytes, SourceCounts& counts, Array<Kinfo>& processes) {
  const Mib mib = {{CTL_KERN, KERN_PROC, KERN_PROC_ALL}, 3};
  const Failure failure = read_structs<kinfo_proc>(mib, sizeof(kinfo_proc), bytes, [&](const kinfo_proc& raw) {
    return processes.push(kinfo_of(raw)) ? Failure{} : failure_of(ENOMEM, "malloc");
  });
  if (failure.ok() && (fields & bit(Field::sid)) != 0) add_sessions(processes, counts);
  return failure;
}

}  // namespace psutil
