#include "platform/freebsd/single.h"

#include <sys/types.h>

#include <sys/sysctl.h>

#include "platform/bsd/sysctl.h"
#include "platform/posix/failure.h"

namespace psutil {

Failure read_umask(int32_t pid, int32_t& umask) {
  if (pid == 0) return unsupported("sysctl");
  unsigned short raw = 0;
  size_t size = sizeof raw;
  const Failure failure = read_sysctl({{CTL_KERN, KERN_PROC, KERN_PROC_UMASK, pid}, 4}, &raw, size);
  umask = raw;
  return failure.ok() && size != sizeof raw ? unsupported("sysctl") : failure;
}

Failure read_groups(int32_t pid, Array<char>& groups) {
  return read_sysctl({{CTL_KERN, KERN_PROC, KERN_PROC_GROUPS, pid}, 4}, groups);
}

}  // namespace psutil
