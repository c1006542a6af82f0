#include "platform/linux/exit_info.h"

#include <sys/ioctl.h>

#include <cerrno>

namespace psutil {
namespace {

// struct pidfd_info in the kernel's include/uapi/linux/pidfd.h, of which older headers know nothing. The kernel fills in as much
// as fits.
struct PidfdInfo {
  uint64_t mask;
  uint64_t cgroup;
  uint32_t pid, tgid, ppid;
  uint32_t ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
  int32_t exit_code;
};
static_assert(sizeof(PidfdInfo) == 64);

constexpr uint64_t kExit = uint64_t{1} << 3;
constexpr unsigned long kGetInfo = _IOWR(0xFF, 11, PidfdInfo);

// The request of glibc's ioctl(2) is an unsigned long, that of musl's an int.
template <typename Request>
int get_info(int (*call)(int, Request, ...), int pidfd, PidfdInfo& info) {
  return call(pidfd, static_cast<Request>(kGetInfo), &info);
}

}  // namespace

bool read_exit_info(int pidfd, int32_t& status, bool& is_known) {
  PidfdInfo info = {};
  info.mask = kExit;
  is_known = false;
  if (get_info(ioctl, pidfd, info) != 0) {
    // Before 6.15 a process that has been reaped is ESRCH, and no more is known of it.
    return errno == ESRCH;
  }
  is_known = (info.mask & kExit) != 0;
  if (is_known) status = info.exit_code;
  return true;
}

}  // namespace psutil
