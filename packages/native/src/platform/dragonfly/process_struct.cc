// struct kinfo_proc, in which DragonFly returns nearly all of one process or, in one call, of every process:
// sys/kern/kern_kinfo.c and kern_proc.c of https://github.com/DragonFlyBSD/DragonFlyBSD.
#include <sys/types.h>

#include <sys/kinfo.h>
#include <sys/sysctl.h>

#include <cerrno>
#include <cstring>

#include "platform/kinfo/members.h"
#include "platform/kinfo/read_structs.h"
#include "platform/kinfo/system.h"

namespace psutil {
namespace {

// The kernel's enumerations, which may have gained members since: to load one that is unknown is undefined behaviour.
template <typename Enum>
int number_of(const Enum& value) {
  static_assert(sizeof value == sizeof(int));
  int number;
  std::memcpy(&number, &value, sizeof number);
  return number;
}

State state_of(const kinfo_proc& raw) {
  switch (number_of(raw.kp_stat)) {
    case SIDL:  // being created
      return State::kIdle;
    case SSTOP:
      return (raw.kp_flags & P_TRACED) != 0 ? State::kTracingStop : State::kStopped;
    case SZOMB:
      return State::kZombie;
    default:
      break;
  }
  // The state of a live process is that of its thread.
  const int thread_state = number_of(raw.kp_lwp.kl_stat);
  if (thread_state == LSSTOP) return State::kStopped;
  if (thread_state != LSSLEEP) return State::kRunning;
  return (raw.kp_lwp.kl_flags & LWP_SINTR) != 0 ? State::kSleeping : State::kDiskSleep;
}

constexpr Member kMembers[] = {
    PSUTIL_MEMBER(kPid, kinfo_proc, kp_pid),
    PSUTIL_MEMBER(kPpid, kinfo_proc, kp_ppid),
    PSUTIL_MEMBER(kPgid, kinfo_proc, kp_pgid),
    PSUTIL_MEMBER(kSid, kinfo_proc, kp_sid),
    PSUTIL_MEMBER(kThreads, kinfo_proc, kp_nthreads),
    PSUTIL_MEMBER(kRealUid, kinfo_proc, kp_ruid),
    PSUTIL_MEMBER(kUid, kinfo_proc, kp_uid),
    PSUTIL_MEMBER(kSavedUid, kinfo_proc, kp_svuid),
    PSUTIL_MEMBER(kRealGid, kinfo_proc, kp_rgid),
    PSUTIL_MEMBER(kFirstGroup, kinfo_proc, kp_groups[0]),
    PSUTIL_MEMBER(kSavedGid, kinfo_proc, kp_svgid),
    PSUTIL_MEMBER(kGroupCount, kinfo_proc, kp_ngroups),
    PSUTIL_MEMBER(kGroups, kinfo_proc, kp_groups),
    PSUTIL_MEMBER(kName, kinfo_proc, kp_comm),
    PSUTIL_MEMBER(kPending, kinfo_proc, kp_siglist),
    PSUTIL_MEMBER(kBlocked, kinfo_proc, kp_lwp.kl_sigmask),
    PSUTIL_MEMBER(kIgnored, kinfo_proc, kp_sigignore),
    PSUTIL_MEMBER(kCaught, kinfo_proc, kp_sigcatch),
    PSUTIL_MEMBER(kStartSeconds, kinfo_proc, kp_start.tv_sec),
    PSUTIL_MEMBER(kStartMicroseconds, kinfo_proc, kp_start.tv_usec),
    PSUTIL_MEMBER(kExitStatus, kinfo_proc, kp_exitstat),
};

Kinfo kinfo_of(const kinfo_proc& raw) {
  Kinfo info = decode(kMembers, raw);
  info.set_state(state_of(raw));
  // The blocked signals are a thread's. A process that has ended has no thread, and the value means nothing.
  if (raw.kp_lwp.kl_pid != raw.kp_pid) info.forget_signals(SignalSets::kBlocked);
  info.is_ending = (raw.kp_flags & P_WEXIT) != 0;
  return info;
}

}  // namespace

const ProcessStruct kProcessStruct = {fields_of(kMembers) | bit(Field::state), signal_sets_of(kMembers)};

// Finds no zombies.
Failure read_kinfo(int32_t pid, FieldSet, Kinfo& info) {
  kinfo_proc raw;
  const Failure failure = read_struct({{CTL_KERN, KERN_PROC, KERN_PROC_PID, pid}, 4}, &raw, sizeof raw, ENOMEM);
  if (failure.ok()) info = kinfo_of(raw);
  return failure;
}

Failure read_process_table(FieldSet, Array<char>& bytes, SourceCounts&, Array<Kinfo>& processes) {
  const Mib mib = {{CTL_KERN, KERN_PROC, KERN_PROC_ALL}, 3};
  return read_structs<kinfo_proc>(mib, sizeof(kinfo_proc), bytes, [&](const kinfo_proc& raw) {
    // The kernel also returns its own threads, all with PID −1.
    return raw.kp_pid < 0 || processes.push(kinfo_of(raw)) ? Failure{} : failure_of(ENOMEM, "malloc");
  });
}

}  // namespace psutil
