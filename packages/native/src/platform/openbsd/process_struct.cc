// struct kinfo_proc, in which OpenBSD returns nearly all of one process or, in one call, of every process:
// sys/kern/kern_sysctl.c, sysctl_doproc() and fill_kproc().
#include <sys/types.h>

#include <sys/param.h>
#include <sys/proc.h>
#include <sys/sysctl.h>

#include <cerrno>
#include <climits>

#include "platform/kinfo/members.h"
#include "platform/kinfo/read_structs.h"
#include "platform/kinfo/system.h"

namespace psutil {
namespace {

// The part of the struct that is needed. It grows at its end in later versions, and the kernel refuses a size that is larger
// than its own.
constexpr size_t kSize = offsetof(kinfo_proc, p_pledge);
static_assert(kSize % alignof(kinfo_proc) == 0, "each follows the one before");
constexpr int kSizeError = EINVAL;
constexpr int32_t kNoThread = -1;

State state_of(const kinfo_proc& raw) {
  if ((raw.p_psflags & PS_ZOMBIE) != 0) return State::kZombie;
  switch (raw.p_stat) {
    case SSLEEP:
      return (raw.p_flag & P_SINTR) != 0 ? State::kSleeping : State::kDiskSleep;
    case SSTOP:
      return (raw.p_psflags & PS_TRACED) != 0 ? State::kTracingStop : State::kStopped;
    case SDEAD:
      return State::kDead;
    case SIDL:
      return State::kIdle;
    default:
      return State::kRunning;
  }
}

constexpr Member kMembers[] = {
    PSUTIL_MEMBER(kPid, kinfo_proc, p_pid),
    PSUTIL_MEMBER(kPpid, kinfo_proc, p_ppid),
    PSUTIL_MEMBER(kPgid, kinfo_proc, p__pgid),
    PSUTIL_MEMBER(kSid, kinfo_proc, p_sid),
    PSUTIL_MEMBER(kRealUid, kinfo_proc, p_ruid),
    PSUTIL_MEMBER(kUid, kinfo_proc, p_uid),
    PSUTIL_MEMBER(kSavedUid, kinfo_proc, p_svuid),
    PSUTIL_MEMBER(kRealGid, kinfo_proc, p_rgid),
    PSUTIL_MEMBER(kGid, kinfo_proc, p_gid),
    PSUTIL_MEMBER(kSavedGid, kinfo_proc, p_svgid),
    PSUTIL_MEMBER(kGroupCount, kinfo_proc, p_ngroups),
    PSUTIL_MEMBER(kGroups, kinfo_proc, p_groups),
    PSUTIL_MEMBER(kName, kinfo_proc, p_comm),
    PSUTIL_MEMBER(kPending, kinfo_proc, p_siglist),
    PSUTIL_MEMBER(kBlocked, kinfo_proc, p_sigmask),
    PSUTIL_MEMBER(kIgnored, kinfo_proc, p_sigignore),
    PSUTIL_MEMBER(kCaught, kinfo_proc, p_sigcatch),
    PSUTIL_MEMBER(kStartSeconds, kinfo_proc, p_ustart_sec),
    PSUTIL_MEMBER(kStartMicroseconds, kinfo_proc, p_ustart_usec),
    PSUTIL_MEMBER(kExitStatus, kinfo_proc, p_xstat),
};

Kinfo kinfo_of(const kinfo_proc& raw) {
  Kinfo info = decode(kMembers, raw);
  info.set_state(state_of(raw));
  // 0 is the session of the kernel's own processes, whose group is 0 too. It is also any session whose leader has ended.
  if (raw.p_sid == 0 && raw.p__pgid != 0) info.present &= ~bit(Field::sid);
  // A zombie has lost its start.
  if (raw.p_uvalid == 0) info.present &= ~bit(Field::startTime);
  return info;
}

// Takes one struct of a list in which the threads of a process follow it, if they were requested. Only their number is used.
Failure take(const kinfo_proc& raw, Array<Kinfo>& processes) {
  if (raw.p_tid == kNoThread) return processes.push(kinfo_of(raw)) ? Failure{} : failure_of(ENOMEM, "malloc");
  if (processes.size() > 0 && processes[processes.size() - 1].pid == raw.p_pid) {
    Kinfo& info = processes[processes.size() - 1];
    info.threads++;
    info.present |= bit(Field::threads);
  }
  return {};
}

Mib mib_of(int what, int32_t pid, FieldSet fields) {
  if ((fields & bit(Field::threads)) != 0) what |= KERN_PROC_SHOW_THREADS;
  return {{CTL_KERN, KERN_PROC, what, pid, static_cast<int>(kSize), INT_MAX}, 6};
}

Failure read_list(const Mib& mib, Array<char>& bytes, Array<Kinfo>& processes) {
  const Failure failure =
      read_structs<kinfo_proc>(mib, kSize, bytes, [&](const kinfo_proc& raw) { return take(raw, processes); });
  return failure.number == kSizeError ? unsupported("sysctl") : failure;
}

}  // namespace

// A start is a sum of nanoseconds, returned in microseconds. With another boot time the same start may be rounded the other way.
const ProcessStruct kProcessStruct = {fields_of(kMembers) | bit(Field::state) | bit(Field::threads), signal_sets_of(kMembers),
                                      true, 1};

Failure read_kinfo(int32_t pid, FieldSet fields, Kinfo& info) {
  Array<Kinfo> found;
  Failure failure;
  const Mib mib = mib_of(KERN_PROC_PID, pid, fields);
  if ((fields & bit(Field::threads)) != 0) {
    Array<char> bytes;
    failure = read_list(mib, bytes, found);
  } else {
    kinfo_proc raw;
    failure = read_struct(mib, &raw, kSize, kSizeError);
    if (failure.ok()) failure = take(raw, found);
  }
  if (!failure.ok()) return failure;
  if (found.size() == 0) return gone("sysctl");
  // A process that ends during the call may be returned twice, the second time as a zombie.
  info = found[found.size() - 1];
  return {};
}

// KERN_PROC_ALL would leave out the kernel's own processes.
Failure read_process_table(FieldSet fields, Array<char>& bytes, SourceCounts&, Array<Kinfo>& processes) {
  return read_list(mib_of(KERN_PROC_KTHREAD, 0, fields), bytes, processes);
}

}  // namespace psutil
