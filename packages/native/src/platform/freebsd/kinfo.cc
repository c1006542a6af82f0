// struct kinfo_proc, in which FreeBSD returns nearly all of a process, and of every process in one call:
// sys/kern/kern_proc.c, fill_kinfo_proc().
#include <sys/types.h>

#include <sys/param.h>
#include <sys/proc.h>
#include <sys/sysctl.h>
#include <sys/user.h>

#include <cerrno>

#include "platform/bsd/sysctl.h"
#include "platform/bsd/system.h"
#include "platform/shared/errno.h"
#include "platform/shared/microseconds.h"

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
    case SIDL:  // not yet begun
    case SWAIT:  // of the kernel: for an interrupt
      return State::kIdle;
    default:
      return State::kRunning;
  }
}

Kinfo kinfo_of(const kinfo_proc& raw) {
  Kinfo info;
  info.present = bit(Field::ppid) | bit(Field::state) | bit(Field::uids) | bit(Field::sigmasks) | bit(Field::pgid) |
              bit(Field::sid) | bit(Field::threads) | bit(Field::startTime);
  info.pid = raw.ki_pid;
  info.ppid = raw.ki_ppid;
  info.pgid = raw.ki_pgid;
  info.sid = raw.ki_sid;
  info.threads = raw.ki_numthreads;
  info.state = state_of(raw);
  info.set_name(raw.ki_comm);
  const uint32_t uids[] = {raw.ki_ruid, raw.ki_uid, raw.ki_svuid};
  std::memcpy(info.uids, uids, sizeof uids);
  // The effective group is the first of the list.
  const uint32_t gids[] = {raw.ki_rgid, raw.ki_groups[0], raw.ki_svgid};
  std::memcpy(info.gids, gids, sizeof gids);
  if (raw.ki_ngroups > 0) info.present |= bit(Field::gids);
  // Those past KI_NGROUPS take a call of their own.
  if ((raw.ki_cr_flags & KI_CRF_GRP_OVERFLOW) == 0) info.set_groups(raw.ki_groups, raw.ki_ngroups);
  info.sigmasks.known = kKinfoSignalSets;
  info.set_signals(SignalSets::kPending, raw.ki_siglist);
  info.set_signals(SignalSets::kBlocked, raw.ki_sigmask);
  info.set_signals(SignalSets::kIgnored, raw.ki_sigignore);
  info.set_signals(SignalSets::kCaught, raw.ki_sigcatch);
  info.began = microseconds_of(raw.ki_start.tv_sec, raw.ki_start.tv_usec);
  return info;
}

}  // namespace

const bool kPidLookupIsLinear = false;
const double kStartTolerance = 0;

Failure read_kinfo(int32_t pid, FieldSet, Kinfo& info) {
  kinfo_proc raw;
  size_t size = sizeof raw;
  const Failure failure = read_sysctl({{CTL_KERN, KERN_PROC, KERN_PROC_PID, pid}, 4}, &raw, size);
  if (failure.number == ENOMEM) return unsupported("sysctl");
  if (!failure.ok()) return failure;
  if (size == 0) return gone("sysctl");
  if (size != sizeof raw || raw.ki_structsize != sizeof raw) return unsupported("sysctl");
  info = kinfo_of(raw);
  // A number above PID_MAX is a thread's; the kernel returns its process.
  return info.pid == pid ? Failure{} : gone("sysctl");
}

Failure read_process_table(FieldSet, Array<char>& bytes, Array<Kinfo>& processes) {
  const Failure failure = read_sysctl({{CTL_KERN, KERN_PROC, KERN_PROC_PROC}, 3}, bytes);
  if (!failure.ok()) return failure;
  const auto* raw = reinterpret_cast<const kinfo_proc*>(bytes.data());
  const size_t count = bytes.size() / sizeof *raw;
  if (bytes.size() % sizeof *raw != 0 || (count > 0 && raw->ki_structsize != sizeof *raw)) return unsupported("sysctl");
  if (!processes.reserve(count)) return failure_of(ENOMEM, "malloc");
  for (size_t i = 0; i < count; i++) processes.push(kinfo_of(raw[i]));
  return {};
}

}  // namespace psutil
