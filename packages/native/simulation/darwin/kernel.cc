// macOS's side of the C library, as XNU answers it: kern.proc.* (bsd/kern/kern_sysctl.c), getsid, getpgid, getgroups
// and limits of the caller (bsd/kern/kern_prot.c, kern_resource.c), and proc_pidinfo (bsd/kern/proc_info.c).
#include <libproc.h>
#include <sys/types.h>

#include <sys/event.h>
#include <sys/proc.h>
#include <sys/proc_info.h>
#include <sys/sysctl.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "core/schema.h"
#include "kernel/errors.h"
#include "kernel/kqueue.h"
#include "kernel/limits.h"
#include "kernel/output_buffer.h"
#include "kernel/table.h"
#include "kernel/time.h"

using psutil::Field;
using simulation::fail;
using simulation::Held;
using simulation::Outcome;
using simulation::Process;
using simulation::OutputBuffer;

const simulation::ProcessEvents simulation::kProcessEvents = {false, true, NOTE_EXITSTATUS};

namespace {

bool is_zombie(const Process& process) { return process.state == static_cast<uint32_t>(psutil::State::kZombie); }

// XNU reports no process as sleeping.
void set_state(extern_proc& info, uint32_t state) {
  static constexpr char kStats[] = {SRUN, SRUN, SRUN, SSTOP, SSTOP, SZOMB, SRUN, SIDL, SRUN};
  info.p_stat = kStats[state];
  info.p_flag = state == static_cast<uint32_t>(psutil::State::kTracingStop) ? P_TRACED : 0;
}

// `patch` is cr_ngroups.
void set_credentials(kinfo_proc::eproc& info, const Process& process, const Outcome& outcome) {
  info.e_pcred.p_ruid = process.uids[0];
  info.e_ucred.cr_uid = process.uids[1];
  info.e_pcred.p_svuid = process.uids[2];
  info.e_pcred.p_rgid = process.gids[0];
  info.e_pcred.p_svgid = process.gids[2];
  const uint32_t fitting = process.group_count < NGROUPS ? process.group_count : NGROUPS;
  info.e_ucred.cr_ngroups = static_cast<short>(outcome.patched ? outcome.patch : fitting);
  memcpy(info.e_ucred.cr_groups, process.groups, fitting * sizeof(gid_t));
}

kinfo_proc info_of(const Process& process, const Outcome& outcome) {
  kinfo_proc info;
  // Members that the kernel does not fill in, such as p_siglist and p_sigmask, must not look like values.
  memset(&info, 0xa5, sizeof info);
  extern_proc& own = info.kp_proc;
  own.p_starttime = simulation::began(process);
  own.p_pid = process.pid;
  own.p_xstat = static_cast<u_short>(process.status);
  own.p_sigignore = static_cast<sigset_t>(process.signals[psutil::SignalSets::kIgnored][0]);
  own.p_sigcatch = static_cast<sigset_t>(process.signals[psutil::SignalSets::kCaught][0]);
  memset(own.p_comm, 0, sizeof own.p_comm);
  memcpy(own.p_comm, process.name, strnlen(process.name, MAXCOMLEN));
  set_state(own, process.state);
  info.kp_eproc.e_ppid = process.ppid;
  info.kp_eproc.e_pgid = process.pgid;
  set_credentials(info.kp_eproc, process, outcome);
  return info;
}

constexpr size_t kSlack = 5 * sizeof(kinfo_proc);

// For a PID without a process it returns no bytes, and no error.
int by_pid(Held& held, int pid, const OutputBuffer& output) {
  const Outcome outcome = held.call("kern.proc.pid", pid);
  const Process* process = held.find(pid);
  if (process == nullptr) return output.answer(nullptr, 0, outcome, kSlack);
  const kinfo_proc info = info_of(*process, outcome);
  return output.answer(&info, sizeof info, outcome, kSlack);
}

int every(Held& held, const OutputBuffer& output) {
  const Outcome outcome = held.call("kern.proc.all");
  const size_t count = held.count();
  auto* infos = new kinfo_proc[count + 1];
  for (size_t i = 0; i < count; i++) infos[i] = info_of(held.at(i), outcome);
  const int result = output.answer(infos, count * sizeof(kinfo_proc), outcome, kSlack);
  delete[] infos;
  return result;
}

// proc_find() finds no zombies. 0 is the caller.
Process* proc_find(Held& held, pid_t pid) {
  Process* process = held.find(pid == 0 ? getpid() : pid);
  return process == nullptr || is_zombie(*process) ? nullptr : process;
}

pid_t number_of(const char* call, pid_t pid, int32_t Process::*number) {
  Held held;
  const Outcome outcome = held.call(call, pid);
  if (outcome.error != nullptr) return fail(outcome.error);
  const Process* process = proc_find(held, pid);
  return process == nullptr ? fail("ESRCH") : process->*number;
}

}  // namespace

extern "C" {

int* __error() {
  static thread_local int number;
  return &number;
}

int sysctl(int* name, u_int length, void* old, size_t* old_size, void*, size_t) {
  Held held;
  const OutputBuffer output = {old, old_size};
  if (length < 3 || name[0] != CTL_KERN || name[1] != KERN_PROC) return fail("ENOENT");
  if (length == 3 && name[2] == KERN_PROC_ALL) return every(held, output);
  return length == 4 && name[2] == KERN_PROC_PID ? by_pid(held, name[3], output) : fail("EINVAL");
}

pid_t getsid(pid_t pid) { return number_of("getsid", pid, &Process::sid); }
pid_t getpgid(pid_t pid) { return number_of("getpgid", pid, &Process::pgid); }

// `cut` is the count that it returns.
int getgroups(int max, gid_t* groups) {
  Held held;
  const Outcome outcome = held.call("getgroups", getpid());
  if (outcome.error != nullptr) return fail(outcome.error);
  const Process* own = held.find(getpid());
  const int count = outcome.cut ? static_cast<int>(outcome.size) : static_cast<int>(own->group_count);
  if (max == 0) return count;
  if (max < count) return fail("EINVAL");
  memcpy(groups, own->groups, static_cast<size_t>(count) * sizeof(gid_t));
  return count;
}

int proc_pidinfo(int pid, int flavor, uint64_t, void* buffer, int max) {
  Held held;
  const Outcome outcome = held.call("proc_pidinfo", pid);
  const char* error = outcome.error;
  const Process* process = proc_find(held, pid);
  if (flavor != PROC_PIDTASKINFO) error = "EINVAL";
  if (error == nullptr && process == nullptr) error = "ESRCH";
  if (error == nullptr && process->denied & psutil::bit(Field::threads)) error = "EPERM";
  if (error == nullptr && static_cast<size_t>(max) < sizeof(proc_taskinfo)) error = "ENOMEM";
  if (error != nullptr) {
    fail(error);
    return 0;
  }
  proc_taskinfo info;
  memset(&info, 0xa5, sizeof info);
  info.pti_threadnum = process->threads;
  memcpy(buffer, &info, sizeof info);
  return static_cast<int>(outcome.cut ? outcome.size : sizeof info);
}

// Only the command asks it, about its own pipe.
int poll(pollfd*, nfds_t, int) { return 0; }

int getrlimit(int resource, rlimit* limit) { return simulation::get_own_limit(resource, *limit); }
int setrlimit(int resource, const rlimit* limit) { return simulation::set_own_limit(resource, *limit); }

int clock_gettime(clockid_t clock, timespec* time) {
  return clock == CLOCK_REALTIME ? simulation::time_of_day(*time) : fail("EINVAL");
}

}
