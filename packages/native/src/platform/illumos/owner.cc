#include "platform/illumos/owner.h"

#include <procfs.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "platform/shared/errno.h"

namespace psutil {
namespace {

constexpr size_t kGroupsOffset = offsetof(prcred_t, pr_groups);
constexpr size_t kUsualGroups = 1024;
constexpr size_t kMaxGroups = 65536;
constexpr size_t kMaxSignals = 128;  // that a sigset_t can hold

void set_signals(SignalSets& sets, SignalSets::Set set, const sigset_t& raw) {
  uint32_t words[kMaxSignals / 32];
  static_assert(sizeof raw == sizeof words, "128 signals");
  std::memcpy(words, &raw, sizeof words);
  for (size_t i = 0; i < 2; i++) sets.sets[set][i] = words[i * 2] | uint64_t{words[i * 2 + 1]} << 32;
  sets.known |= uint64_t{1} << set;
}

// The size of a cred with its number of groups; 0 if no kernel writes so many.
size_t cred_size(const Array<char>& bytes) {
  prcred_t cred;
  std::memcpy(&cred, bytes.data(), kGroupsOffset);
  const auto count = static_cast<size_t>(cred.pr_ngroups);
  return count > kMaxGroups ? 0 : kGroupsOffset + count * sizeof(gid_t);
}

}  // namespace

Failure read_cred(const ProcessFiles& files, Array<char>& bytes) {
  for (size_t available = kGroupsOffset + kUsualGroups * sizeof(gid_t);;) {
    if (!bytes.resize(available)) return failure_of(ENOMEM, "malloc");
    size_t size = available;
    const Failure failure = files.read("cred", bytes.data(), size);
    if (!failure.ok()) return failure;
    const size_t wanted = size < kGroupsOffset ? 0 : cred_size(bytes);
    if (wanted == 0) return unsupported("read");
    bytes.resize(wanted < size ? wanted : size);
    if (wanted <= size) return {};
    // Not all of it fitted. A kernel that always reports more than it returns must not cause an endless loop.
    if (size < available || available >= wanted) return unsupported("read");
    available = wanted;
  }
}

void put_cred(const Array<char>& bytes, RowBuilder& row) {
  prcred_t cred;
  std::memcpy(&cred, bytes.data(), kGroupsOffset);
  const uint32_t uids[] = {cred.pr_ruid, cred.pr_euid, cred.pr_suid};
  const uint32_t gids[] = {cred.pr_rgid, cred.pr_egid, cred.pr_sgid};
  row.put_struct(Field::uids, uids);
  row.put_struct(Field::gids, gids);
  row.put_variable(Field::groups, bytes.data() + kGroupsOffset, bytes.size() - kGroupsOffset);
}

Failure read_status(const ProcessFiles& files, SignalSets& sets) {
  pstatus_t status;
  // Registers follow, and their number depends on the machine.
  constexpr size_t kWanted = offsetof(pstatus_t, pr_lwp.pr_lwphold) + sizeof(sigset_t);
  size_t size = kWanted;
  const Failure failure = files.read("status", &status, size);
  if (!failure.ok()) return failure;
  if (size < kWanted) return unsupported("read");
  set_signals(sets, SignalSets::kPending, status.pr_lwp.pr_lwppend);
  set_signals(sets, SignalSets::kBlocked, status.pr_lwp.pr_lwphold);
  set_signals(sets, SignalSets::kProcessPending, status.pr_sigpend);
  return {};
}

Failure read_sigact(const ProcessFiles& files, SignalSets& sets) {
  struct sigaction actions[kMaxSignals];
  size_t size = sizeof actions;
  const Failure failure = files.read("sigact", actions, size);
  if (!failure.ok()) return failure;
  // A later kernel may have more signals than the headers. This was not built for a kernel that has fewer.
  const size_t count = size / sizeof actions[0];
  if (count < NSIG - 1 || size % sizeof actions[0] != 0) return unsupported("read");
  for (size_t i = 0; i < count; i++) {
    if (actions[i].sa_handler == SIG_DFL) continue;
    const auto set = actions[i].sa_handler == SIG_IGN ? SignalSets::kIgnored : SignalSets::kCaught;
    sets.sets[set][i / 64] |= uint64_t{1} << (i % 64);
  }
  sets.known |= uint64_t{1} << SignalSets::kIgnored | uint64_t{1} << SignalSets::kCaught;
  return {};
}

Failure read_own_groups(Array<char>& bytes) {
  constexpr int kTries = 3;
  for (int tries = 0; tries < kTries; tries++) {
    const int count = getgroups(0, nullptr);
    if (count < 0) return failure_of(errno, "getgroups");
    if (!bytes.resize((static_cast<size_t>(count) + 1) * sizeof(gid_t))) return failure_of(ENOMEM, "malloc");
    const int got = getgroups(count, reinterpret_cast<gid_t*>(bytes.data()));
    // There may be more groups by now. With a count of 0, the second call returns their number only.
    if (got >= 0 && got <= count) {
      bytes.resize(static_cast<size_t>(got) * sizeof(gid_t));
      return {};
    }
    if (got < 0 && errno != EINVAL) return failure_of(errno, "getgroups");
  }
  return failure_of(EAGAIN, "getgroups");
}

}  // namespace psutil
