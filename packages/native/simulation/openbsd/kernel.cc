// OpenBSD's side of the C library, as sys/kern/kern_sysctl.c answers it: kern.proc and the limits of the caller's
// own process. A `patch` of kern.proc.kthread is the PID of a process that ends while the kernel walks, and is
// returned twice; of kern.proc.pid, how large the kernel's struct is.
#include <sys/types.h>

#include <sys/param.h>
#include <sys/proc.h>
#include <sys/sysctl.h>

#include <errno.h>
#include <string.h>
#include <time.h>

#include <initializer_list>

#include "core/schema.h"
#include "kernel/errors.h"
#include "kernel/kqueue.h"
#include "kernel/limits.h"
#include "kernel/output_buffer.h"
#include "kernel/signals.h"
#include "kernel/table.h"
#include "kernel/time.h"

using simulation::fail;
using simulation::Held;
using simulation::Outcome;
using simulation::Process;
using simulation::OutputBuffer;
using simulation::set_signals;

const simulation::ProcessEvents simulation::kProcessEvents = {false, true, 0};

namespace {

constexpr int32_t kNoThread = -1;

bool is(const Process& process, psutil::State state) { return process.state == static_cast<uint32_t>(state); }
bool has_ended(const Process& process) { return is(process, psutil::State::kZombie); }
// The kernel's own are of its first session, which is also its first group.
bool is_kernels(const Process& process) { return process.pgid == 0; }

// Nanoseconds: a part of a microsecond stands in the start, and another one in each boot time.
uint64_t boot_of(const Held& held) { return held.boot() * 1000 + held.boot() / 1000000 % 1000; }
uint64_t start_of(const Process& process) { return process.start * 1000 + 400; }

void set_state(kinfo_proc& info, const Process& process) {
  using psutil::State;
  static constexpr int8_t kStats[] = {SONPROC, SSLEEP, SSLEEP, SSTOP, SSTOP, SDEAD, SDEAD, SIDL, SRUN};
  info.p_stat = kStats[process.state];
  info.p_flag = is(process, State::kSleeping) ? P_SINTR : 0;
  info.p_psflags = is_kernels(process) ? PS_SYSTEM : 0;
  if (is(process, State::kTracingStop)) info.p_psflags |= PS_TRACED;
  if (has_ended(process)) info.p_psflags |= PS_ZOMBIE;
}

kinfo_proc info_of(const Process& process, const Held& held, int32_t thread) {
  kinfo_proc info;
  // What the backend must not need is not 0, as it is with the real kernel, so that it is not taken for a fact.
  memset(&info, 0xa5, sizeof info);
  info.p_pid = process.pid;
  info.p_tid = thread;
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
  set_signals(info.p_sigmask, process, psutil::SignalSets::kBlocked);
  set_signals(info.p_sigignore, process, psutil::SignalSets::kIgnored);
  set_signals(info.p_sigcatch, process, psutil::SignalSets::kCaught);
  memset(info.p_comm, 0, sizeof info.p_comm);
  memcpy(info.p_comm, process.name, strnlen(process.name, sizeof info.p_comm - 1));
  info.p_xstat = static_cast<uint16_t>(process.status);
  set_state(info, process);
  const uint64_t began = (boot_of(held) + start_of(process)) / 1000;
  info.p_uvalid = has_ended(process) ? 0 : 1;
  info.p_ustart_sec = has_ended(process) ? 0 : began / 1000000;
  info.p_ustart_usec = has_ended(process) ? 0 : static_cast<uint32_t>(began % 1000000);
  return info;
}

// The process, and behind it its threads where they are asked for: a zombie has none.
size_t put(kinfo_proc* infos, const Process& process, const Held& held, bool threads) {
  infos[0] = info_of(process, held, kNoThread);
  if (!threads || has_ended(process)) return 1;
  for (int i = 1; i <= process.threads; i++) infos[i] = info_of(process, held, 100000 + process.pid + i);
  return static_cast<size_t>(process.threads) + 1;
}

int processes(Held& held, const int* name, const OutputBuffer& output) {
  constexpr size_t kSlop = 5;
  const bool threads = (name[0] & KERN_PROC_SHOW_THREADS) != 0;
  const int what = name[0] & ~KERN_PROC_SHOW_THREADS;
  const bool one = what == KERN_PROC_PID;
  const Outcome outcome = one ? held.call("kern.proc.pid", name[1]) : held.call("kern.proc.kthread");
  const size_t size = one && outcome.patched ? outcome.patch : sizeof(kinfo_proc);
  if (name[2] <= 0 || name[3] < 0 || static_cast<size_t>(name[2]) > size) return fail("EINVAL");
  if (!one && what != KERN_PROC_ALL && what != KERN_PROC_KTHREAD) return fail("EINVAL");
  size_t max = 1;
  for (size_t i = 0; i < held.count(); i++) max += static_cast<size_t>(held.at(i).threads) + 2;
  auto* infos = new kinfo_proc[max];
  size_t count = 0;
  for (const bool zombies : {false, true}) {
    for (size_t i = 0; i < held.count(); i++) {
      Process process = held.at(i);
      if ((one && process.pid != name[1]) || (what == KERN_PROC_ALL && is_kernels(process))) continue;
      const bool ends = !one && outcome.patched && static_cast<uint64_t>(process.pid) == outcome.patch;
      if (ends && zombies) process.state = static_cast<uint32_t>(psutil::State::kZombie);
      if (has_ended(process) == zombies) count += put(infos + count, process, held, threads);
    }
  }
  const auto wanted = static_cast<size_t>(name[2]);
  const int result = output.answer_list(reinterpret_cast<const char*>(infos), sizeof(kinfo_proc), count, wanted,
                                      static_cast<size_t>(name[3]), outcome, kSlop * wanted);
  delete[] infos;
  return result;
}

}  // namespace

extern "C" {

int* __errno() {
  static thread_local int number;
  return &number;
}

int sysctl(const int* name, u_int length, void* old, size_t* old_size, void*, size_t) {
  Held held;
  const OutputBuffer output = {old, old_size};
  if (length == 2 && name[0] == CTL_KERN && name[1] == KERN_BOOTTIME) {
    const Outcome outcome = held.call("kern.boottime");
    const timeval boot = simulation::time_of(boot_of(held) / 1000);
    return output.answer(&boot, sizeof boot, outcome);
  }
  if (length != 6 || name[0] != CTL_KERN || name[1] != KERN_PROC) return fail("EINVAL");
  return processes(held, name + 2, output);
}

int getrlimit(int resource, rlimit* limit) { return simulation::get_own_limit(resource, *limit); }
int setrlimit(int resource, const rlimit* limit) { return simulation::set_own_limit(resource, *limit, simulation::Excess::kRefused); }

int clock_gettime(clockid_t clock, timespec* time) {
  if (clock != CLOCK_BOOTTIME) return fail("EINVAL");
  Held held;
  return simulation::answer_time(*time, held.uptime(), held.call("clock_gettime"));
}

}
