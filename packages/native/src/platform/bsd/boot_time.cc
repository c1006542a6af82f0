// Where the kernel keeps starts in time since boot and adds the boot time, as it is at the moment, to what it returns.
#include <sys/types.h>

#include <sys/sysctl.h>
#include <sys/time.h>

#include "platform/bsd/sysctl.h"
#include "platform/bsd/system.h"
#include "platform/shared/microseconds.h"

namespace psutil {

Failure read_boot_time(int64_t& boot) {
  timeval time = {};
  size_t size = sizeof time;
  const Failure failure = read_sysctl({{CTL_KERN, KERN_BOOTTIME}, 2}, &time, size);
  boot = microseconds_of(time.tv_sec, time.tv_usec);
  return failure;
}

}  // namespace psutil
