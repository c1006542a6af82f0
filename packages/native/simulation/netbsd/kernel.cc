// NetBSD's side of the C library, as sys/kern/kern_proc.c and kern_resource.c answer it: kern.proc2, proc.<pid>.rlimit
// and the limits of the caller's own process. A `patch` of kern.proc2.all is the PID of a process that ends while
// the kernel walks, and is missed; of proc.rlimit, the kernel's maximum for all processes.
#include <sys/types.h>

#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/sysctl.h>

#include <errno.h>
#include <string.h>

#include <initializer_list>

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
using simulation::limit_of;
using simulation::Outcome;
using simulation::Process;
using simulation::OutputBuffer;
using simulation::set_signals;

const simulation::ProcessEvents simulation::kProcessEvents = {false, true, 0};

namespace {

bool is(const Process& process, psutil::State state) { return process.state == static_cast<uint32_t>(state); }
bool is_zombie(const Process& process) { return is(process, psutil::State::kZombie); }
// One that is dying is still among the living.
bool has_ended(const Process& process) { return is_zombie(process) || is(process, psutil::State::kDead); }

void set_state(kinfo_proc2& info, const Process& process) {
  using psutil::State;
  static constexpr int8_t kThreads[] = {LSONPROC, LSSLEEP, LSSLEEP, LSSTOP, LSSTOP, 0, LSRUN, LSIDL, LSSUSPENDED};
  static constexpr uint8_t kProcesses[] = {SACTIVE, SACTIVE, SACTIVE, SSTOP, SSTOP, SZOMB, SDEAD, SACTIVE, SACTIVE};
  info.p_realflag = L_INMEM;
  if (is(process, State::kTracingStop)) info.p_realflag |= P_TRACED;
  info.p_flag = static_cast<int32_t>(info.p_realflag);
  info.p_realstat = kProcesses[process.state];
  info.p_stat = static_cast<int8_t>(info.p_realstat);
  if (has_ended(process) || process.unreaped != 0) return;
  info.p_stat = kThreads[process.state];
  if (is(process, State::kSleeping)) info.p_flag |= L_SINTR;
}

// fill_kproc2(): what is not filled in is what stood there before.
void fill(kinfo_proc2& info, const Process& process) {
  // One that runs another program or is about to end holds the lock under which it is looked at.
  const bool locked = has_ended(process) || process.unreaped != 0;
  const Process threadless;
  info.p_pid = process.pid;
  info.p_ppid = process.ppid;
  info.p__pgid = process.pgid;
  info.p_sid = process.sid;
  info.p_ruid = process.uids[0];
  info.p_uid = process.uids[1];
  info.p_svuid = process.uids[2];
  info.p_rgid = process.gids[0];
  info.p_gid = process.gids[1];
  info.p_svgid = process.gids[2];
  info.p_ngroups = static_cast<int16_t>(process.group_count);
  memcpy(info.p_groups, process.groups, sizeof info.p_groups);
  set_signals(info.p_siglist, process, psutil::SignalSets::kPending);
  set_signals(info.p_sigmask, locked ? threadless : process, psutil::SignalSets::kBlocked);
  set_signals(info.p_sigignore, process, psutil::SignalSets::kIgnored);
  set_signals(info.p_sigcatch, process, psutil::SignalSets::kCaught);
  memset(info.p_comm, 0, sizeof info.p_comm);
  memcpy(info.p_comm, process.name, strnlen(process.name, sizeof info.p_comm));
  info.p_nlwps = static_cast<uint64_t>(process.threads);
  info.p_xstat = static_cast<uint16_t>(process.status);
  set_state(info, process);
  if (locked) return;
  const timeval began = simulation::began(process);
  info.p_uvalid = 1;
  info.p_ustart_sec = static_cast<uint32_t>(began.tv_sec);
  info.p_ustart_usec = static_cast<uint32_t>(began.tv_usec);
}

kinfo_proc2 empty() {
  kinfo_proc2 info;
  // What this kernel does not fill in must not be taken for a fact; what it does sometimes begins as 0.
  memset(&info, 0xa5, sizeof info);
  info.p_uvalid = 0;
  info.p_ustart_sec = info.p_ustart_usec = 0;
  return info;
}

int processes(Held& held, const int* name, const OutputBuffer& output) {
  constexpr size_t kSlack = 5 * 1000;
  const bool all = name[0] == KERN_PROC_ALL;
  if (!all && name[0] != KERN_PROC_PID) return fail("EINVAL");
  const Outcome outcome = all ? held.call("kern.proc2.all") : held.call("kern.proc2.pid", name[1]);
  auto* infos = new kinfo_proc2[held.count() + 1];
  size_t count = 0;
  kinfo_proc2 info = empty();
  for (const bool zombies : {true, false}) {
    for (size_t i = 0; i < held.count(); i++) {
      const Process& process = held.at(i);
      if (is_zombie(process) != zombies || (!all && process.pid != name[1])) continue;
      if (outcome.patched && static_cast<uint64_t>(process.pid) == outcome.patch) continue;
      fill(info, process);
      infos[count++] = info;
    }
  }
  const int result = output.answer_list(reinterpret_cast<const char*>(infos), sizeof info, count,
                                      static_cast<size_t>(name[2]), static_cast<size_t>(name[3]), outcome, kSlack);
  delete[] infos;
  return result;
}

int limits(Held& held, const int* name, const OutputBuffer& output, const void* set, size_t set_size) {
  const bool soft = name[3] == PROC_PID_LIMIT_TYPE_SOFT;
  const char* const call = set == nullptr ? "proc.rlimit" : soft ? "proc.rlimit.soft=" : "proc.rlimit.hard=";
  const Outcome outcome = held.call(call, name[0]);
  const int resource = name[2] - 1;
  if (outcome.error != nullptr) return fail(outcome.error);
  if (name[1] != PROC_PID_LIMIT || (!soft && name[3] != PROC_PID_LIMIT_TYPE_HARD)) return fail("EINVAL");
  Process* process = held.find(name[0]);
  if (process == nullptr || has_ended(*process)) return fail("ESRCH");
  // The tree has a node for each resource that the kernel knows.
  if (!simulation::has_resource(*process, resource)) return fail("ENOENT");
  if (process->unreaped != 0) return fail("EBUSY");
  if (set == nullptr && (process->denied & psutil::bit(Field::rlimits)) != 0) return fail("EPERM");
  rlimit limit = limit_of(*process, resource);
  rlim_t& value = soft ? limit.rlim_cur : limit.rlim_max;
  if (set == nullptr) return output.answer(&value, sizeof value, outcome);
  if (set_size != sizeof value) return fail("EINVAL");
  memcpy(&value, set, sizeof value);
  if (limit.rlim_cur > limit.rlim_max) return fail("EINVAL");
  if (!outcome.patched) return simulation::set_limit(*process, resource, limit, simulation::Excess::kRefused);
  // Asked by one who may raise it.
  const uint64_t max = outcome.patch;
  process->limits[resource][1] = limit.rlim_max < max ? limit.rlim_max : max;
  return 0;
}

}  // namespace

extern "C" {

int* __errno() {
  static thread_local int number;
  return &number;
}

int sysctl(const int* name, u_int length, void* old, size_t* old_size, const void* set, size_t set_size) {
  Held held;
  const OutputBuffer output = {old, old_size};
  if (length == 5 && name[0] == CTL_PROC) return limits(held, name + 1, output, set, set_size);
  if (length != 6 || name[0] != CTL_KERN || name[1] != KERN_PROC2) return fail("EINVAL");
  return processes(held, name + 2, output);
}

int getrlimit(int resource, rlimit* limit) { return simulation::get_own_limit(resource, *limit); }
int setrlimit(int resource, const rlimit* limit) { return simulation::set_own_limit(resource, *limit, simulation::Excess::kRefused); }

}
