// Fills the files as usr/src/uts/common/fs/proc/prsubr.c does.
#include "illumos/files.h"

#include <procfs.h>
#include <string.h>

#include "core/schema.h"

using psutil::bit;
using psutil::Field;
using psutil::SignalSets;
using psutil::State;

namespace simulation {
namespace {

// Members that the kernel does not fill in must not look like values.
constexpr int kRubbish = 0xa5;
constexpr uint64_t kMicroseconds = 1'000'000;
// The kernel stores the time of day at which a process began: setting the clock, which moves Held::boot(), does not move it.
constexpr uint64_t kBoot = 1'700'000'000 * kMicroseconds;
constexpr uint32_t kCredFields = bit(Field::uids) | bit(Field::gids) | bit(Field::groups);

template <typename T>
std::vector<char> bytes_of(const T& value) {
  const char* from = reinterpret_cast<const char*>(&value);
  return {from, from + sizeof value};
}

std::vector<char> psinfo_of(const Process& process, const Outcome& outcome) {
  // In the order of psutil::State.
  static constexpr char kNames[] = "OSSTTZZIW";
  psinfo_t info;
  memset(&info, kRubbish, sizeof info);
  info.pr_pid = process.pid;
  info.pr_ppid = process.ppid;
  info.pr_pgid = process.pgid;
  info.pr_sid = process.sid;
  info.pr_nlwp = is_zombie(process) ? 0 : process.threads;
  info.pr_nzomb = 0;
  info.pr_wstat = is_zombie(process) ? process.status : 0;
  info.pr_lwp.pr_sname = outcome.patched ? static_cast<char>(outcome.patch) : kNames[process.state];
  const uint64_t start = is_zombie(process) ? 0 : kBoot + process.start;
  info.pr_start.tv_sec = static_cast<time_t>(start / kMicroseconds);
  info.pr_start.tv_nsec = static_cast<long>(start % kMicroseconds * 1000);
  memset(info.pr_fname, 0, sizeof info.pr_fname);
  // The last byte is always 0.
  if (!is_zombie(process)) memcpy(info.pr_fname, process.name, strnlen(process.name, sizeof info.pr_fname - 1));
  return bytes_of(info);
}

std::vector<char> cred_of(const Process& process, const Outcome& outcome) {
  prcred_t cred;
  memset(&cred, kRubbish, sizeof cred);
  cred.pr_ruid = process.uids[0];
  cred.pr_euid = process.uids[1];
  cred.pr_suid = process.uids[2];
  cred.pr_rgid = process.gids[0];
  cred.pr_egid = process.gids[1];
  cred.pr_sgid = process.gids[2];
  cred.pr_ngroups = outcome.patched ? static_cast<int>(outcome.patch) : static_cast<int>(process.group_count);
  // There is always room for one.
  std::vector<char> bytes = bytes_of(cred);
  constexpr size_t kBefore = sizeof cred - sizeof cred.pr_groups;
  if (process.group_count > 1) bytes.resize(kBefore + process.group_count * sizeof(gid_t));
  memcpy(bytes.data() + kBefore, process.groups, process.group_count * sizeof(gid_t));
  return bytes;
}

std::vector<char> status_of(const Process& process) {
  pstatus_t status;
  memset(&status, kRubbish, sizeof status);
  memcpy(&status.pr_sigpend, process.signals[SignalSets::kProcessPending], sizeof status.pr_sigpend);
  memcpy(&status.pr_lwp.pr_lwppend, process.signals[SignalSets::kPending], sizeof status.pr_lwp.pr_lwppend);
  memcpy(&status.pr_lwp.pr_lwphold, process.signals[SignalSets::kBlocked], sizeof status.pr_lwp.pr_lwphold);
  return bytes_of(status);
}

bool has(const Process& process, size_t set, size_t signal) {
  return (process.signals[set][signal / 64] >> signal % 64 & 1) != 0;
}

void handle(int) {}

std::vector<char> sigact_of(const Process& process, const Outcome& outcome) {
  std::vector<char> bytes;
  const size_t signals = outcome.patched ? static_cast<size_t>(outcome.patch) : NSIG - 1;
  for (size_t signal = 0; signal < signals; signal++) {
    struct sigaction action;
    memset(&action, kRubbish, sizeof action);
    action.sa_handler = SIG_DFL;
    if (has(process, SignalSets::kIgnored, signal)) action.sa_handler = SIG_IGN;
    if (has(process, SignalSets::kCaught, signal)) action.sa_handler = handle;
    const std::vector<char> entry = bytes_of(action);
    bytes.insert(bytes.end(), entry.begin(), entry.end());
  }
  return bytes;
}

}  // namespace

bool is_zombie(const Process& process) { return process.state == static_cast<uint32_t>(State::kZombie); }

bool is_denied(const char* name, const Process& process) {
  const bool cred = (process.denied & kCredFields) != 0;
  const bool signals = (process.denied & bit(Field::sigmasks)) != 0;
  if (strcmp(name, "cred") == 0) return cred;
  if (strcmp(name, "status") == 0 || strcmp(name, "sigact") == 0) return signals;
  return *name == '\0' && cred && signals;
}

std::vector<char> content_of(const char* name, const Process& process, const Outcome& outcome) {
  if (strcmp(name, "psinfo") == 0) return psinfo_of(process, outcome);
  if (strcmp(name, "cred") == 0) return cred_of(process, outcome);
  if (strcmp(name, "status") == 0) return status_of(process);
  return sigact_of(process, outcome);
}

}  // namespace simulation
