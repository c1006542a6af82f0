// struct kinfo_proc2, in which NetBSD returns nearly all of a process, and of every process in one call:
// sys/kern/kern_proc.c, sysctl_doeproc() and fill_kproc2().
#include <sys/types.h>

#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/sysctl.h>

#include <cerrno>
#include <climits>
#include <cstddef>

#include "platform/bsd/sysctl.h"
#include "platform/bsd/system.h"
#include "platform/shared/errno.h"
#include "platform/shared/microseconds.h"

namespace psutil {
namespace {

// As much of the struct as is needed: it grows at its end, and the kernel takes any size.
constexpr size_t kSize = offsetof(kinfo_proc2, p_ename);
static_assert(kSize % alignof(kinfo_proc2) == 0, "one stands behind the other");

constexpr FieldSet kThreadFields = bit(Field::startTime) | bit(Field::sigmasks);

State state_of(const kinfo_proc2& raw) {
  // p_stat is that of a thread where there is one, and the numbers of processes mean something else.
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

Kinfo kinfo_of(const kinfo_proc2& raw) {
  Kinfo info;
  info.present = bit(Field::ppid) | bit(Field::state) | bit(Field::uids) | bit(Field::gids) | bit(Field::pgid) |
              bit(Field::sid) | bit(Field::threads);
  info.pid = raw.p_pid;
  info.ppid = raw.p_ppid;
  info.pgid = raw.p__pgid;
  info.sid = raw.p_sid;
  info.threads = static_cast<int32_t>(raw.p_nlwps);
  info.state = state_of(raw);
  info.set_name(raw.p_comm);
  const uint32_t uids[] = {raw.p_ruid, raw.p_uid, raw.p_svuid};
  std::memcpy(info.uids, uids, sizeof uids);
  const uint32_t gids[] = {raw.p_rgid, raw.p_gid, raw.p_svgid};
  std::memcpy(info.gids, gids, sizeof gids);
  // The count is that of the kernel, whose list may be longer than this one.
  info.set_groups(raw.p_groups, raw.p_ngroups);
  info.sigmasks.known = kKinfoSignalSets;
  info.set_signals(SignalSets::kPending, raw.p_siglist);
  info.set_signals(SignalSets::kBlocked, raw.p_sigmask);
  info.set_signals(SignalSets::kIgnored, raw.p_sigignore);
  info.set_signals(SignalSets::kCaught, raw.p_sigcatch);
  info.began = microseconds_of(raw.p_ustart_sec, raw.p_ustart_usec);
  if (raw.p_uvalid != 0) info.present |= kThreadFields;
  // A zombie has no start any more, but no thread either whose signals would be missing.
  if (info.is_zombie()) info.present = (info.present | bit(Field::sigmasks)) & ~bit(Field::startTime);
  return info;
}

}  // namespace

const bool kPidLookupIsLinear = true;
// NetBSD stores the time of day at which a process began. It does not change when the clock is set.
const double kStartTolerance = 0;

Failure read_boot_time(int64_t& boot) {
  boot = 0;
  return {};
}

// For a PID without a process, or a process that may not be seen, the call succeeds and returns no bytes.
Failure read_kinfo(int32_t pid, FieldSet, Kinfo& info) {
  kinfo_proc2 raw;
  size_t size = kSize;
  const Mib mib = {{CTL_KERN, KERN_PROC2, KERN_PROC_PID, pid, static_cast<int>(kSize), 1}, 6};
  const Failure failure = read_sysctl(mib, &raw, size);
  if (!failure.ok()) return failure;
  if (size == 0) return gone("sysctl");
  if (size != kSize) return unsupported("sysctl");
  info = kinfo_of(raw);
  return {};
}

Failure read_process_table(FieldSet, Array<char>& bytes, Array<Kinfo>& processes) {
  const Mib mib = {{CTL_KERN, KERN_PROC2, KERN_PROC_ALL, 0, static_cast<int>(kSize), INT_MAX}, 6};
  const Failure failure = read_sysctl(mib, bytes);
  if (!failure.ok()) return failure;
  if (bytes.size() % kSize != 0) return unsupported("sysctl");
  if (!processes.reserve(bytes.size() / kSize)) return failure_of(ENOMEM, "malloc");
  int64_t before = 0;
  for (size_t at = 0; at < bytes.size(); at += kSize) {
    kinfo_proc2 raw;
    std::memcpy(&raw, bytes.data() + at, kSize);
    Kinfo info = kinfo_of(raw);
    // Of a process that runs another program just then the kernel does not fill in all, and what stands there is
    // of the one before. It is to be looked at alone.
    if (info.began == before && !info.is_zombie()) info.present &= ~kThreadFields;
    before = info.began;
    processes.push(info);
  }
  return {};
}

}  // namespace psutil
