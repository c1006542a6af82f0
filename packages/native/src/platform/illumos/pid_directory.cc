#include "platform/illumos/pid_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "platform/shared/errno.h"
#include "platform/shared/pid_path.h"

namespace psutil {
namespace {

constexpr size_t kEntrySize = 24;  // of a PID of up to five digits
constexpr size_t kMaxBytes = 8 * 1024;
constexpr size_t kMinBytes = 1024;

}  // namespace

Failure list_pids(const ProcRoot& root, int64_t& cursor, size_t max, const int32_t* urgent_pending, Array<int32_t>& pids) {
  const Descriptor directory(open_at(root.fd(), ".", O_RDONLY | O_CLOEXEC));
  if (directory.get() < 0) return failure_of(errno, "open");
  // A position in procfs is a slot of the process table. Slots do not move, so a listing continues where it stopped, even if
  // processes have started or ended. Other file systems are listed in one call.
  if (!root.own()) max = SIZE_MAX;
  if (cursor > 0 && lseek(directory.get(), cursor, SEEK_SET) < 0) return failure_of(errno, "lseek");
  alignas(struct dirent) char bytes[kMaxBytes];
  const size_t until = max > SIZE_MAX - pids.size() ? SIZE_MAX : pids.size() + max;
  while (pids.size() < until) {
    const size_t wanted = std::min((until - pids.size()), kMaxBytes / kEntrySize) * kEntrySize;
    const int got = getdents(directory.get(), reinterpret_cast<struct dirent*>(bytes), std::max(wanted, kMinBytes));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure_of(errno, "getdents");
    if (got == 0) {
      cursor = -1;
      return {};
    }
    for (int at = 0; at < got;) {
      const auto* entry = reinterpret_cast<const struct dirent*>(bytes + at);
      const int32_t pid = pid_of_name(entry->d_name);
      if (pid >= 0 && !pids.push(pid)) return failure_of(ENOMEM, "malloc");
      at += entry->d_reclen;
    }
    cursor = lseek(directory.get(), 0, SEEK_CUR);
    if (cursor < 0) return failure_of(errno, "lseek");
    if (urgent_pending != nullptr && root.own() && __atomic_load_n(urgent_pending, __ATOMIC_RELAXED) > 0 && pids.size() > 0) return {};
  }
  return {};
}

}  // namespace psutil
