#include "platform/linux/listing.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "platform/posix/failure.h"
#include "platform/posix/pid_path.h"

namespace psutil {
namespace {

// struct linux_dirent64, of which the kernel's headers give no C++ version.
struct Entry {
  uint64_t inode;
  int64_t next;  // the directory's position behind this entry
  uint16_t length;
  uint8_t type;
  char name[1];
};
constexpr size_t kNameOffset = 19;

constexpr size_t kEntrySize = 32;  // of a PID of five to seven digits
constexpr size_t kMostBytes = 8 * 1024;
constexpr size_t kLeastBytes = 1024;

}  // namespace

Failure list_pids(Root& root, int64_t& cursor, size_t most, const int32_t* hurry, Array<int32_t>& pids) {
  const Descriptor directory(open_at(root.fd(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0) return failure_of(errno, "open");
  // A procfs counts positions by PID, so a listing is taken up again where it stopped, whoever has come or
  // gone meanwhile. Other file systems promise no such thing and are listed at one go.
  if (!root.own()) most = SIZE_MAX;
  if (cursor > 0 && lseek(directory.get(), cursor, SEEK_SET) < 0) return failure_of(errno, "lseek");
  alignas(Entry) char bytes[kMostBytes];
  const size_t until = most > SIZE_MAX - pids.size() ? SIZE_MAX : pids.size() + most;
  while (pids.size() < until) {
    const size_t wanted = std::min((until - pids.size()), kMostBytes / kEntrySize) * kEntrySize;
    const long got = syscall(SYS_getdents64, directory.get(), bytes, std::max(wanted, kLeastBytes));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure_of(errno, "getdents64");
    if (got == 0) {
      cursor = -1;
      return {};
    }
    for (long at = 0; at < got;) {
      const auto* entry = reinterpret_cast<const Entry*>(bytes + at);
      const int32_t pid = pid_of_name(bytes + at + kNameOffset);
      if (pid > 0 && !pids.push(pid)) return failure_of(ENOMEM, "malloc");
      cursor = entry->next;
      at += entry->length;
    }
    // A cursor of another file system would have to start anew.
    if (hurry != nullptr && root.own() && __atomic_load_n(hurry, __ATOMIC_RELAXED) > 0 && pids.size() > 0) return {};
  }
  return {};
}

}  // namespace psutil
