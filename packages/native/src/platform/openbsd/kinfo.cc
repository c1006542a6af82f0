// struct kinfo_proc, in which OpenBSD returns nearly all of a process, and of every process in one call:
// sys/kern/kern_sysctl.c, sysctl_doproc() and fill_kproc().
#include <sys/types.h>

#include <sys/param.h>
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

// As much of the struct as is needed: it grows at its end, and a size that is larger than the kernel's is refused.
constexpr size_t kSize = offsetof(kinfo_proc, p_pledge);
static_assert(kSize % alignof(kinfo_proc) == 0, "one stands behind the other");
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

Kinfo kinfo_of(const kinfo_proc& raw) {
  Kinfo info;
  info.present = bit(Field::ppid) | bit(Field::state) | bit(Field::uids) | bit(Field::gids) | bit(Field::sigmasks) |
              bit(Field::pgid);
  info.pid = raw.p_pid;
  info.ppid = raw.p_ppid;
  info.pgid = raw.p__pgid;
  info.sid = raw.p_sid;
  // 0 is the session of the kernel's own processes, whose group is 0 too, and any session whose leader has gone.
  if (raw.p_sid != 0 || raw.p__pgid == 0) info.present |= bit(Field::sid);
  info.state = state_of(raw);
  info.set_name(raw.p_comm);
  const uint32_t uids[] = {raw.p_ruid, raw.p_uid, raw.p_svuid};
  std::memcpy(info.uids, uids, sizeof uids);
  const uint32_t gids[] = {raw.p_rgid, raw.p_gid, raw.p_svgid};
  std::memcpy(info.gids, gids, sizeof gids);
  info.set_groups(raw.p_groups, raw.p_ngroups);
  info.sigmasks.known = kKinfoSignalSets;
  info.set_signals(SignalSets::kPending, raw.p_siglist);
  info.set_signals(SignalSets::kBlocked, raw.p_sigmask);
  info.set_signals(SignalSets::kIgnored, raw.p_sigignore);
  info.set_signals(SignalSets::kCaught, raw.p_sigcatch);
  info.began = microseconds_of(raw.p_ustart_sec, raw.p_ustart_usec);
  // A zombie has none any more.
  if (raw.p_uvalid != 0) info.present |= bit(Field::startTime);
  return info;
}

// Each process is followed by its threads, if they were requested. Only their number is used.
Failure take(const Array<char>& bytes, Array<Kinfo>& processes) {
  if (bytes.size() % kSize != 0) return unsupported("sysctl");
  for (size_t at = 0; at < bytes.size(); at += kSize) {
    kinfo_proc raw;
    std::memcpy(&raw, bytes.data() + at, kSize);
    if (raw.p_tid == kNoThread) {
      if (!processes.push(kinfo_of(raw))) return failure_of(ENOMEM, "malloc");
    } else if (processes.size() > 0 && processes[processes.size() - 1].pid == raw.p_pid) {
      Kinfo& info = processes[processes.size() - 1];
      info.threads++;
      info.present |= bit(Field::threads);
    }
  }
  return {};
}

Mib mib_of(int what, int32_t pid, FieldSet fields) {
  if ((fields & bit(Field::threads)) != 0) what |= KERN_PROC_SHOW_THREADS;
  return {{CTL_KERN, KERN_PROC, what, pid, static_cast<int>(kSize), INT_MAX}, 6};
}

Failure read_all(const Mib& mib, Array<char>& bytes) {
  const Failure failure = read_sysctl(mib, bytes);
  // Of a kernel whose struct is smaller than the headers say.
  return failure.number == EINVAL ? unsupported("sysctl") : failure;
}

}  // namespace

const bool kPidLookupIsLinear = true;
// The kernel adds nanoseconds and returns microseconds: two boot times may round one start in two ways.
const double kStartTolerance = 1;

// For a PID without a process the call succeeds and returns no bytes.
Failure read_kinfo(int32_t pid, FieldSet fields, Kinfo& info) {
  Array<char> bytes;
  Array<Kinfo> one;
  Failure failure;
  if ((fields & bit(Field::threads)) != 0) {
    failure = read_all(mib_of(KERN_PROC_PID, pid, fields), bytes);
  } else {
    size_t size = kSize;
    if (!bytes.resize(size)) return failure_of(ENOMEM, "malloc");
    failure = read_sysctl(mib_of(KERN_PROC_PID, pid, fields), bytes.data(), size);
    if (failure.number == EINVAL) return unsupported("sysctl");
    bytes.resize(size);
  }
  if (failure.ok()) failure = take(bytes, one);
  if (!failure.ok()) return failure;
  if (one.size() == 0) return gone("sysctl");
  // A process that ends during the call may be returned twice, the second time as a zombie.
  info = one[one.size() - 1];
  return {};
}

// KERN_PROC_ALL would leave out the kernel's own.
Failure read_process_table(FieldSet fields, Array<char>& bytes, Array<Kinfo>& processes) {
  const Failure failure = read_all(mib_of(KERN_PROC_KTHREAD, 0, fields), bytes);
  return failure.ok() ? take(bytes, processes) : failure;
}

}  // namespace psutil
