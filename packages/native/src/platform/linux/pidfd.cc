#include "platform/linux/pidfd.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>

#include "platform/linux/held_files.h"
#include "platform/shared/errno.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef PID_FS_MAGIC
#define PID_FS_MAGIC 0x50494446
#endif

namespace psutil {
namespace {

constexpr uint64_t kSerials = uint64_t{1} << 17;
constexpr uint64_t kMaxTicks = uint64_t{1} << 36;

int open_pidfd(int32_t pid) {
  long opened;
  do {
    opened = syscall(SYS_pidfd_open, pid, 0);
  } while (opened < 0 && may_try_again());
  return static_cast<int>(opened);
}

Failure open_failure() {
  // EINVAL, of newer kernels ENOENT, is a process just gone, whose number may be a thread's by now.
  return errno == ESRCH || errno == EINVAL || errno == ENOENT ? gone("pidfd_open") : failure_of(errno, "pidfd_open");
}

}  // namespace

Pidfd::Pidfd(int32_t pid) : descriptor_(open_pidfd(pid)), failure_(is_open() ? Failure{} : open_failure()) {}

Failure Pidfd::send(int signal) const {
  if (syscall(SYS_pidfd_send_signal, descriptor_.get(), signal, nullptr, 0) == 0) return {};
  return failure_of(errno, "pidfd_send_signal");
}

bool Pidfd::is_reaped(int pidfd) {
  return syscall(SYS_pidfd_send_signal, pidfd, 0, nullptr, 0) != 0 && errno == ESRCH;
}

Failure Pidfd::serial(double& serial) const {
  serial = 0;
  // The C library's fstat() has another name in an old one, and need not have the 64 bits.
#if defined(SYS_statx) && defined(STATX_INO)
  struct statx about = {};
  if (syscall(SYS_statx, descriptor_.get(), "", AT_EMPTY_PATH, STATX_INO, &about) != 0) return failure_of(errno, "statx");
  serial = static_cast<double>(about.stx_ino % (kSerials - 1) + 1) / static_cast<double>(kSerials);
#endif
  return {};
}

bool has_pidfs() {
#if defined(SYS_statx) && defined(STATX_INO)
  const Descriptor own(open_pidfd(static_cast<int32_t>(getpid())));
  struct statfs about;
  double serial;
  if (own.get() < 0 || fstatfs(own.get(), &about) != 0 || about.f_type != PID_FS_MAGIC) return false;
  return Pidfd(static_cast<int32_t>(getpid())).serial(serial).ok();
#else
  return false;
#endif
}

double start_of(uint64_t tick, double serial) { return static_cast<double>(tick) + (tick < kMaxTicks ? serial : 0); }

}  // namespace psutil
