#include "platform/darwin/kinfo.h"

#include <sys/proc.h>

#include <cstring>

#include "platform/bsd/sysctl.h"
#include "platform/shared/errno.h"
#include "platform/shared/wall_clock.h"

namespace psutil {
namespace {

// A process that sleeps is SRUN as well: XNU keeps that state in its threads and does not return it here.
State state_of(const extern_proc& process) {
  switch (process.p_stat) {
    case SSTOP:
      return (process.p_flag & P_TRACED) != 0 ? State::kTracingStop : State::kStopped;
    case SZOMB:
      return State::kZombie;
    case SIDL:  // not yet begun
      return State::kIdle;
    default:
      return State::kRunning;
  }
}

void put_groups(const kinfo_proc::eproc& process, RowBuilder& row) {
  const _ucred& credentials = process.e_ucred;
  if (credentials.cr_ngroups < 0 || credentials.cr_ngroups > NGROUPS) return;
  const auto count = static_cast<size_t>(credentials.cr_ngroups);
  row.put_variable(Field::groups, credentials.cr_groups, count * sizeof(gid_t));
  // The effective group is the first of the list.
  const uint32_t gids[] = {process.e_pcred.p_rgid, credentials.cr_groups[0], process.e_pcred.p_svgid};
  if (count > 0) row.put_struct(Field::gids, gids);
}

}  // namespace

Failure read_kinfo(int32_t pid, kinfo_proc& info) {
  size_t size = sizeof info;
  const Failure failure = read_sysctl({{CTL_KERN, KERN_PROC, KERN_PROC_PID, pid}, 4}, &info, size);
  if (!failure.ok()) return failure;
  // For a PID without a process the answer is empty, and no error.
  if (size == 0) return gone("sysctl");
  return size == sizeof info ? Failure{} : unsupported("sysctl");
}

Failure ProcessTable::read() { return StructTable::read({{CTL_KERN, KERN_PROC, KERN_PROC_ALL}, 3}); }

double start_of(const kinfo_proc& info) { return microseconds(info.kp_proc.p_starttime); }

bool is_zombie(const kinfo_proc& info) { return info.kp_proc.p_stat == SZOMB; }

void put_kinfo(const kinfo_proc& info, RowBuilder& row) {
  const extern_proc& process = info.kp_proc;
  row.put_variable(Field::name, process.p_comm, strnlen(process.p_comm, sizeof process.p_comm));
  row.put_i32(Field::ppid, info.kp_eproc.e_ppid);
  row.put_enum(Field::state, static_cast<uint8_t>(state_of(process)));
  const uint32_t uids[] = {info.kp_eproc.e_pcred.p_ruid, info.kp_eproc.e_ucred.cr_uid, info.kp_eproc.e_pcred.p_svuid};
  row.put_struct(Field::uids, uids);
  put_groups(info.kp_eproc, row);
  static_assert(sizeof process.p_sigignore == 4, "32 signals");
  SignalSets sets = {};
  sets.known = kKinfoSignalSets;
  sets.sets[SignalSets::kIgnored][0] = process.p_sigignore;
  sets.sets[SignalSets::kCaught][0] = process.p_sigcatch;
  row.put_variable(Field::sigmasks, &sets, sizeof sets);
  row.put_i32(Field::pgid, info.kp_eproc.e_pgid);
  row.put_f64(Field::startTime, start_of(info));
}

}  // namespace psutil
