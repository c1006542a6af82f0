#include "platform/dragonfly/kinfo.h"

#include <sys/sysctl.h>

#include <cerrno>
#include <cstring>

#include "platform/bsd/sysctl.h"
#include "platform/shared/errno.h"
#include "platform/shared/wall_clock.h"

namespace psutil {
namespace {

State state_of(const kinfo_proc& info) {
  switch (info.kp_stat) {
    case SIDL:  // not yet begun
      return State::kIdle;
    case SSTOP:
      return (info.kp_flags & P_TRACED) != 0 ? State::kTracingStop : State::kStopped;
    case SZOMB:
      return State::kZombie;
    default:
      break;
  }
  // Of one that lives, its thread says more.
  if (info.kp_lwp.kl_stat == LSSTOP) return State::kStopped;
  if (info.kp_lwp.kl_stat != LSSLEEP) return State::kRunning;
  return (info.kp_lwp.kl_flags & LWP_SINTR) != 0 ? State::kSleeping : State::kDiskSleep;
}

void set_signals(SignalSets& sets, SignalSets::Set set, const sigset_t& raw) {
  static_assert(sizeof raw == sizeof sets.sets[set], "128 signals");
  std::memcpy(sets.sets[set], &raw, sizeof raw);
  sets.known |= 1u << set;
}

void put_signals(const kinfo_proc& info, RowBuilder& row) {
  SignalSets sets = {};
  set_signals(sets, SignalSets::kPending, info.kp_siglist);
  set_signals(sets, SignalSets::kIgnored, info.kp_sigignore);
  set_signals(sets, SignalSets::kCaught, info.kp_sigcatch);
  // A thread's. A process that has ended has no thread, and the value means nothing.
  if (info.kp_lwp.kl_pid == info.kp_pid) set_signals(sets, SignalSets::kBlocked, info.kp_lwp.kl_sigmask);
  row.put_variable(Field::sigmasks, &sets, sizeof sets);
}

void put_groups(const kinfo_proc& info, RowBuilder& row) {
  if (info.kp_ngroups < 0 || info.kp_ngroups > NGROUPS) return;
  const auto count = static_cast<size_t>(info.kp_ngroups);
  row.put_variable(Field::groups, info.kp_groups, count * sizeof(gid_t));
  // The effective group is the first of the list.
  const uint32_t gids[] = {info.kp_rgid, info.kp_groups[0], info.kp_svgid};
  if (count > 0) row.put_struct(Field::gids, gids);
}

}  // namespace

Failure read_kinfo(int32_t pid, kinfo_proc& info) {
  size_t size = sizeof info;
  const Failure failure = read_sysctl({{CTL_KERN, KERN_PROC, KERN_PROC_PID, pid}, 4}, &info, size);
  if (failure.number == ENOMEM) return unsupported("sysctl");
  if (!failure.ok()) return failure;
  // For a PID without a process the answer is empty, and no error.
  if (size == 0) return gone("sysctl");
  return size == sizeof info ? Failure{} : unsupported("sysctl");
}

Failure ProcessTable::read() {
  const Failure failure = StructTable::read({{CTL_KERN, KERN_PROC, KERN_PROC_ALL}, 3});
  // The kernel's own threads are returned too, all as PID −1.
  if (failure.ok()) keep([](const kinfo_proc& info) { return info.kp_pid >= 0; });
  return failure;
}

double start_of(const kinfo_proc& info) { return microseconds(info.kp_start); }

void put_kinfo(const kinfo_proc& info, RowBuilder& row) {
  row.put_variable(Field::name, info.kp_comm, strnlen(info.kp_comm, sizeof info.kp_comm));
  row.put_i32(Field::ppid, info.kp_ppid);
  row.put_enum(Field::state, static_cast<uint8_t>(state_of(info)));
  const uint32_t uids[] = {info.kp_ruid, info.kp_uid, info.kp_svuid};
  row.put_struct(Field::uids, uids);
  put_groups(info, row);
  put_signals(info, row);
  row.put_i32(Field::pgid, info.kp_pgid);
  row.put_i32(Field::sid, info.kp_sid);
  row.put_i32(Field::threads, info.kp_nthreads);
  row.put_f64(Field::startTime, start_of(info));
}

}  // namespace psutil
