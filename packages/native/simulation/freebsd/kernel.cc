// FreeBSD's side of the C library, as sys/kern/kern_proc.c answers it: kern.proc.* and the limits of the
// caller's own process. A `patch` is ki_structsize.
#include <sys/types.h>

#include <sys/param.h>
#include <sys/proc.h>
#include <sys/resource.h>
#include <sys/sysctl.h>
#include <sys/time.h>
#include <sys/user.h>

#include <errno.h>
#include <string.h>
#include <time.h>

#include "core/schema.h"
#include "kernel/errors.h"
#include "kernel/kqueue.h"
#include "kernel/limits.h"
#include "kernel/output_buffer.h"
#include "kernel/signals.h"
#include "kernel/table.h"
#include "kernel/time.h"

using psutil::Field;
using simulation::fail;
using simulation::Held;
using simulation::Outcome;
using simulation::Process;
using simulation::OutputBuffer;
using simulation::set_signals;
using simulation::time_of;

const simulation::ProcessEvents simulation::kProcessEvents = {true, false, 0};

namespace {

void set_state(kinfo_proc& info, uint32_t state) {
  using psutil::State;
  static constexpr char kStats[] = {SRUN, SSLEEP, SSLEEP, SSTOP, SSTOP, SZOMB, SRUN, SWAIT, SLOCK};
  info.ki_stat = kStats[state];
  if (state == static_cast<uint32_t>(State::kSleeping)) info.ki_tdflags = TDF_SINTR;
  if (state == static_cast<uint32_t>(State::kTracingStop)) info.ki_flag |= P_TRACED;
}

kinfo_proc info_of(const Process& process, const Held& held, const Outcome& outcome) {
  kinfo_proc info;
  // Members that the kernel does not fill in must not look like values.
  memset(&info, 0xa5, sizeof info);
  info.ki_flag = info.ki_tdflags = 0;
  info.ki_cr_flags = 0;
  info.ki_structsize = outcome.patched ? static_cast<int>(outcome.patch) : static_cast<int>(sizeof info);
  info.ki_pid = process.pid;
  info.ki_ppid = process.ppid;
  info.ki_pgid = process.pgid;
  info.ki_sid = process.sid;
  set_signals(info.ki_siglist, process, psutil::SignalSets::kPending);
  set_signals(info.ki_sigmask, process, psutil::SignalSets::kBlocked);
  set_signals(info.ki_sigignore, process, psutil::SignalSets::kIgnored);
  set_signals(info.ki_sigcatch, process, psutil::SignalSets::kCaught);
  info.ki_ruid = process.uids[0];
  info.ki_uid = process.uids[1];
  info.ki_svuid = process.uids[2];
  info.ki_rgid = process.gids[0];
  info.ki_svgid = process.gids[2];
  const uint32_t fitting = process.group_count < KI_NGROUPS ? process.group_count : KI_NGROUPS;
  if (process.group_count > KI_NGROUPS) info.ki_cr_flags |= KI_CRF_GRP_OVERFLOW;
  info.ki_ngroups = static_cast<short>(fitting);
  memcpy(info.ki_groups, process.groups, fitting * sizeof(gid_t));
  info.ki_numthreads = process.threads;
  info.ki_xstat = static_cast<u_short>(process.status);
  info.ki_start = time_of(held.boot() + process.start);
  memset(info.ki_comm, 0, sizeof info.ki_comm);
  memcpy(info.ki_comm, process.name, strnlen(process.name, sizeof info.ki_comm));
  set_state(info, process.state);
  return info;
}

constexpr int kPidMax = 99999;  // PID_MAX, which only the kernel's own sources see

// pget(): a number above it is a thread's.
Process* pget(Held& held, int pid) { return pid > kPidMax ? held.find_thread(pid) : held.find(pid); }

bool has_ended(const Process& process) {
  return process.unreaped != 0 || process.state == static_cast<uint32_t>(psutil::State::kZombie);
}

int by_pid(Held& held, int pid, const OutputBuffer& output) {
  const Outcome outcome = held.call("kern.proc.pid", pid);
  const Process* process = pget(held, pid);
  if (process == nullptr && outcome.error == nullptr) return fail("ESRCH");
  const kinfo_proc info = process == nullptr ? kinfo_proc{} : info_of(*process, held, outcome);
  return output.answer(&info, sizeof info, outcome);
}

int every(Held& held, const OutputBuffer& output) {
  constexpr size_t kSlack = 5;
  const Outcome outcome = held.call("kern.proc.proc");
  const size_t count = held.count();
  auto* infos = new kinfo_proc[count + 1];
  for (size_t i = 0; i < count; i++) infos[i] = info_of(held.at(i), held, outcome);
  const int result = output.answer(infos, count * sizeof(kinfo_proc), outcome, kSlack * sizeof(kinfo_proc));
  delete[] infos;
  return result;
}

int umask_of(Held& held, int pid, const OutputBuffer& output) {
  const Outcome outcome = held.call("kern.proc.umask", pid);
  unsigned short mask = 0;
  if (pid != 0) {
    const Process* process = pget(held, pid);
    if (process == nullptr || has_ended(*process)) return fail("ESRCH");
    if (process->denied & psutil::bit(Field::umask)) return fail("EPERM");
    mask = static_cast<unsigned short>(process->umask);
  }
  return output.answer(&mask, sizeof mask, outcome);
}

int groups_of(Held& held, int pid, const OutputBuffer& output) {
  const Outcome outcome = held.call("kern.proc.groups", pid);
  const Process* process = pget(held, pid);
  if (process == nullptr) return fail("ESRCH");
  if (process->denied & psutil::bit(Field::groups)) return fail("EPERM");
  return output.answer(process->groups, process->group_count * sizeof(gid_t), outcome);
}

int limits_of(Held& held, const int* name, const OutputBuffer& output, const void* set, size_t set_size) {
  const Outcome outcome = held.call(set == nullptr ? "kern.proc.rlimit" : "kern.proc.rlimit=", name[0]);
  if (set != nullptr && set_size != sizeof(rlimit)) return fail("EINVAL");
  Process* process = pget(held, name[0]);
  if (process != nullptr && !has_resource(*process, name[1])) return fail("EINVAL");
  if (process == nullptr || has_ended(*process)) return fail("ESRCH");
  if (process->denied & psutil::bit(Field::rlimits)) return fail("EPERM");
  const rlimit before = limit_of(*process, name[1]);
  const int result = output.answer(&before, sizeof before, outcome);
  return result != 0 || set == nullptr ? result : set_limit(*process, name[1], *static_cast<const rlimit*>(set));
}

int kern_proc(Held& held, const int* name, unsigned length, const OutputBuffer& output, const void* set, size_t set_size) {
  if (name[0] == KERN_PROC_PROC && length == 1) return every(held, output);
  if (length == 3 && name[0] == KERN_PROC_RLIMIT) return limits_of(held, name + 1, output, set, set_size);
  if (length != 2) return fail("EINVAL");
  switch (name[0]) {
    case KERN_PROC_PID:
      return by_pid(held, name[1], output);
    case KERN_PROC_UMASK:
      return umask_of(held, name[1], output);
    case KERN_PROC_GROUPS:
      return groups_of(held, name[1], output);
    default:
      return fail("ENOENT");
  }
}

}  // namespace

extern "C" {

int* __error() {
  static thread_local int number;
  return &number;
}

int sysctl(const int* name, u_int length, void* old, size_t* old_size, const void* set, size_t set_size) {
  Held held;
  const OutputBuffer output = {old, old_size};
  if (length == 2 && name[0] == CTL_KERN && name[1] == KERN_BOOTTIME) {
    const Outcome outcome = held.call("kern.boottime");
    const timeval boot = time_of(held.boot());
    return output.answer(&boot, sizeof boot, outcome);
  }
  if (length < 3 || name[0] != CTL_KERN || name[1] != KERN_PROC) return fail("ENOENT");
  return kern_proc(held, name + 2, length - 2, output, set, set_size);
}

int getrlimit(int resource, rlimit* limit) { return simulation::get_own_limit(resource, *limit); }
int setrlimit(int resource, const rlimit* limit) { return simulation::set_own_limit(resource, *limit); }

int clock_gettime(clockid_t clock, timespec* time) {
  if (clock != CLOCK_UPTIME) return fail("EINVAL");
  Held held;
  return simulation::answer_time(*time, held.uptime(), held.call("clock_gettime"));
}

}
