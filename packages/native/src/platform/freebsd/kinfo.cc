#include "platform/freebsd/kinfo.h"

#include <sys/proc.h>
#include <sys/sysctl.h>
#include <sys/time.h>

#include <cerrno>
#include <cstring>

#include "platform/bsd/sysctl.h"
#include "platform/posix/failure.h"

namespace psutil {
namespace {

int64_t microseconds(const timeval& time) { return int64_t{time.tv_sec} * 1000000 + time.tv_usec; }

State state_of(const kinfo_proc& info) {
  switch (info.ki_stat) {
    case SSLEEP:
      return (info.ki_tdflags & TDF_SINTR) != 0 ? State::kSleeping : State::kDiskSleep;
    case SSTOP:
      return (info.ki_flag & P_TRACED) != 0 ? State::kTracingStop : State::kStopped;
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

void set_signals(SignalSets& sets, SignalSets::Set set, const sigset_t& raw) {
  static_assert(sizeof raw == sizeof sets.sets[set], "128 signals");
  std::memcpy(sets.sets[set], &raw, sizeof raw);
}

void put_groups(const kinfo_proc& info, OpenRow& row) {
  const size_t count = info.ki_ngroups < 0 ? 0 : static_cast<size_t>(info.ki_ngroups);
  if (has_more_groups(info) || count > KI_NGROUPS) return;
  row.put_entry(Field::groups, info.ki_groups, count * sizeof(gid_t));
}

}  // namespace

Failure read_kinfo(int32_t pid, kinfo_proc& info) {
  size_t size = sizeof info;
  const Failure failure = read_sysctl({{CTL_KERN, KERN_PROC, KERN_PROC_PID, pid}, 4}, &info, size);
  if (failure.number == ENOMEM) return unsupported("sysctl");
  if (!failure.ok()) return failure;
  if (size == 0) return gone("sysctl");
  if (size != sizeof info || info.ki_structsize != sizeof info) return unsupported("sysctl");
  // A number above PID_MAX is a thread's, and its process is told.
  return info.ki_pid == pid ? Failure{} : gone("sysctl");
}

Failure Everyone::read() {
  const Failure failure = EveryoneOf::read({{CTL_KERN, KERN_PROC, KERN_PROC_PROC}, 3});
  if (!failure.ok()) return failure;
  return count() > 0 && (*this)[0].ki_structsize != sizeof(kinfo_proc) ? unsupported("sysctl") : Failure{};
}

Failure read_boot_time(int64_t& boot) {
  timeval time = {};
  size_t size = sizeof time;
  const Failure failure = read_sysctl({{CTL_KERN, KERN_BOOTTIME}, 2}, &time, size);
  boot = microseconds(time);
  return failure;
}

double start_of(const kinfo_proc& info, int64_t boot) {
  return static_cast<double>(microseconds(info.ki_start) - boot);
}

bool is_zombie(const kinfo_proc& info) { return info.ki_stat == SZOMB; }

bool has_more_groups(const kinfo_proc& info) { return (info.ki_cr_flags & KI_CRF_GRP_OVERFLOW) != 0; }

void put_kinfo(const kinfo_proc& info, int64_t boot, OpenRow& row) {
  row.put_entry(Field::name, info.ki_comm, strnlen(info.ki_comm, sizeof info.ki_comm));
  row.put_i32(Field::ppid, info.ki_ppid);
  row.put_u8(Field::state, static_cast<uint8_t>(state_of(info)));
  const uint32_t uids[] = {info.ki_ruid, info.ki_uid, info.ki_svuid};
  row.put_entry(Field::uids, uids, sizeof uids);
  // The effective group is the first of the list.
  const uint32_t gids[] = {info.ki_rgid, info.ki_groups[0], info.ki_svgid};
  if (info.ki_ngroups > 0) row.put_entry(Field::gids, gids, sizeof gids);
  put_groups(info, row);
  SignalSets sets = {};
  sets.known = kKinfoSignalSets;
  set_signals(sets, SignalSets::kPending, info.ki_siglist);
  set_signals(sets, SignalSets::kBlocked, info.ki_sigmask);
  set_signals(sets, SignalSets::kIgnored, info.ki_sigignore);
  set_signals(sets, SignalSets::kCaught, info.ki_sigcatch);
  row.put_entry(Field::sigmasks, &sets, sizeof sets);
  row.put_i32(Field::pgid, info.ki_pgid);
  row.put_i32(Field::sid, info.ki_sid);
  row.put_i32(Field::threads, info.ki_numthreads);
  row.put_f64(Field::startTime, start_of(info, boot));
}

}  // namespace psutil
