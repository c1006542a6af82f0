// DragonFly's side of the C library: kern.proc.* as sys/kern/kern_proc.c answers it, /proc/PID/rlimit as
// sys/vfs/procfs/procfs_rlimit.c writes it, and limits of the caller.
#include <sys/types.h>

#include <sys/kinfo.h>
#include <sys/sysctl.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

const simulation::ProcessEvents simulation::kProcessEvents = {true, false, 0};

namespace {

constexpr int kFirstFile = 1 << 20;
constexpr int kKernelThreads = 2;
constexpr size_t kSlack = 5 * sizeof(kinfo_proc);

bool is_zombie(const Process& process) { return process.state == static_cast<uint32_t>(psutil::State::kZombie); }

void set_state(kinfo_proc& info, uint32_t state) {
  using psutil::State;
  static constexpr procstat kStats[] = {SACTIVE, SACTIVE, SACTIVE, SSTOP, SSTOP, SZOMB, SCORE, SIDL, SACTIVE};
  static constexpr lwpstat kThreads[] = {LSRUN, LSSLEEP, LSSLEEP, LSSTOP, LSSTOP, LSRUN, LSRUN, LSRUN, LSSTOP};
  info.kp_stat = kStats[state];
  info.kp_lwp.kl_stat = kThreads[state];
  info.kp_lwp.kl_flags = state == static_cast<uint32_t>(State::kSleeping) ? LWP_SINTR : 0;
  if (state == static_cast<uint32_t>(State::kTracingStop)) info.kp_flags |= P_TRACED;
}

// fill_kinfo_proc() and fill_kinfo_lwp(). `patch` is kp_ngroups.
kinfo_proc info_of(const Process& process, const Outcome& outcome) {
  kinfo_proc info;
  // Members that the kernel does not fill in must not look like values.
  memset(&info, 0xa5, sizeof info);
  info.kp_flags = process.unreaped != 0 ? P_WEXIT : 0;
  set_signals(info.kp_siglist, process, psutil::SignalSets::kPending);
  set_signals(info.kp_sigignore, process, psutil::SignalSets::kIgnored);
  set_signals(info.kp_sigcatch, process, psutil::SignalSets::kCaught);
  info.kp_start = simulation::began(process);
  memset(info.kp_comm, 0, sizeof info.kp_comm);
  memcpy(info.kp_comm, process.name, strnlen(process.name, MAXCOMLEN));
  info.kp_ruid = process.uids[0];
  info.kp_uid = process.uids[1];
  info.kp_svuid = process.uids[2];
  info.kp_rgid = process.gids[0];
  info.kp_svgid = process.gids[2];
  const uint32_t fitting = process.group_count < NGROUPS ? process.group_count : NGROUPS;
  info.kp_ngroups = static_cast<short>(outcome.patched ? outcome.patch : fitting);
  memcpy(info.kp_groups, process.groups, fitting * sizeof(gid_t));
  info.kp_pid = process.pid;
  info.kp_ppid = process.ppid;
  info.kp_pgid = process.pgid;
  info.kp_sid = process.sid;
  info.kp_nthreads = process.threads;
  info.kp_exitstat = static_cast<u_short>(process.status);
  info.kp_lwp.kl_pid = process.pid;
  set_signals(info.kp_lwp.kl_sigmask, process, psutil::SignalSets::kBlocked);
  set_state(info, process.state);
  // It no longer has a thread.
  if (is_zombie(process)) memset(&info.kp_lwp, 0, sizeof info.kp_lwp);
  return info;
}

// fill_kinfo_proc_kthread()
kinfo_proc kernel_thread() {
  kinfo_proc info;
  memset(&info, 0, sizeof info);
  info.kp_pid = info.kp_lwp.kl_pid = -1;
  info.kp_flags = P_SYSTEM;
  info.kp_stat = SACTIVE;
  memcpy(info.kp_comm, "idle_0", 6);
  return info;
}

// pfind() finds no zombies.
Process* pfind(Held& held, int pid) {
  Process* process = held.find(pid);
  return process == nullptr || is_zombie(*process) ? nullptr : process;
}

// For a PID without a process it returns no bytes, and no error.
int by_pid(Held& held, int pid, const OutputBuffer& output) {
  const Outcome outcome = held.call("kern.proc.pid", pid);
  const Process* process = pfind(held, pid);
  if (process == nullptr) return output.answer(nullptr, 0, outcome);
  const kinfo_proc info = info_of(*process, outcome);
  return output.answer(&info, sizeof info, outcome);
}

// A kernel thread comes first, so that the tests show that the processes after it are found.
int every(Held& held, const OutputBuffer& output) {
  const Outcome outcome = held.call("kern.proc.all");
  const size_t count = held.count();
  auto* infos = new kinfo_proc[count + kKernelThreads];
  infos[0] = infos[count + 1] = kernel_thread();
  for (size_t i = 0; i < count; i++) infos[i + 1] = info_of(held.at(i), outcome);
  const int result = output.answer(infos, (count + kKernelThreads) * sizeof(kinfo_proc), outcome, kSlack);
  delete[] infos;
  return result;
}

int print_limit(char* to, size_t available, uint64_t limit) {
  if (limit == ~uint64_t{0}) return snprintf(to, available, " -1");
  return snprintf(to, available, " %llu", static_cast<unsigned long long>(limit));
}

// procfs_dorlimit()
size_t print_limits(const Process& process, char* text, size_t available) {
  static constexpr const char* kNames[] = {"cpu",   "fsize",  "data",   "stack", "core",      "rss",  "memlock",
                                           "nproc", "nofile", "sbsize", "vmem",  "posixlock", "later"};
  size_t length = 0;
  for (uint32_t i = 0; i < process.limit_count && i < sizeof kNames / sizeof kNames[0]; i++) {
    length += static_cast<size_t>(snprintf(text + length, available - length, "%s", kNames[i]));
    for (const uint64_t limit : process.limits[i]) {
      length += static_cast<size_t>(print_limit(text + length, available - length, limit));
    }
    length += static_cast<size_t>(snprintf(text + length, available - length, "\n"));
  }
  return length;
}

// The position in an open file. A thread has at most one open. `offset` is 0 until the file has been read.
struct File {
  char text[1024];
  size_t length = 0;
  size_t offset = 0;
  int pid = 0;
};

File& file() {
  static thread_local File open;
  return open;
}

}  // namespace

extern "C" {

int* __error() {
  static thread_local int number;
  return &number;
}

int sysctl(const int* name, u_int length, void* old, size_t* old_size, const void*, size_t) {
  Held held;
  const OutputBuffer output = {old, old_size};
  if (length < 3 || name[0] != CTL_KERN || name[1] != KERN_PROC) return fail("ENOENT");
  if (length == 3 && name[2] == KERN_PROC_ALL) return every(held, output);
  return length == 4 && name[2] == KERN_PROC_PID ? by_pid(held, name[3], output) : fail("EINVAL");
}

// An `error` of ENOENT simulates a system without a mounted procfs.
int open(const char* path, int flags, ...) {
  int pid;
  char end;
  if (sscanf(path, "/proc/%d/rlimi%c", &pid, &end) != 2 || end != 't' || flags != (O_RDONLY | O_CLOEXEC)) __builtin_trap();
  Held held;
  const Outcome outcome = held.call("open", pid);
  if (outcome.error != nullptr) return fail(outcome.error);
  const Process* process = pfind(held, pid);
  if (process == nullptr || process->unreaped != 0) return fail("ENOENT");
  if (process->denied & psutil::bit(Field::rlimits)) return fail("EACCES");
  File& opened = file();
  opened.length = print_limits(*process, opened.text, sizeof opened.text);
  opened.offset = 0;
  opened.pid = pid;
  return kFirstFile + pid;
}

// `cut` is the length of the whole text. `patch` is a character plus 256 times its position.
ssize_t read(int number, void* bytes, size_t size) {
  Held held;
  File& opened = file();
  if (number != kFirstFile + opened.pid) return fail("EBADF");
  const Outcome outcome = held.call("read", opened.pid);
  if (outcome.error != nullptr) return fail(outcome.error);
  if (outcome.cut) opened.length = outcome.size < sizeof opened.text ? outcome.size : sizeof opened.text;
  if (outcome.patched) opened.text[outcome.patch / 256 % sizeof opened.text] = static_cast<char>(outcome.patch % 256);
  // Fewer bytes than the file has, which read(2) may return.
  constexpr size_t kMost = 100;
  size_t count = opened.length - opened.offset;
  if (count > size) count = size;
  if (count > kMost) count = kMost;
  memcpy(bytes, opened.text + opened.offset, count);
  opened.offset += count;
  return static_cast<ssize_t>(count);
}

int close(int number) {
  if (simulation::close_queue(number)) return 0;
  Held held;
  held.call("close", number - kFirstFile);
  return 0;
}

int getrlimit(int resource, rlimit* limit) { return simulation::get_own_limit(resource, *limit); }
int setrlimit(int resource, const rlimit* limit) { return simulation::set_own_limit(resource, *limit); }

int clock_gettime(clockid_t clock, timespec* time) {
  return clock == CLOCK_REALTIME ? simulation::time_of_day(*time) : fail("EINVAL");
}

}
