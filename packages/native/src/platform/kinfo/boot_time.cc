// For systems that store the time since boot at which a process begins. They return it with the present boot time added.
#include <sys/types.h>

#include <sys/sysctl.h>
#include <sys/time.h>

#include "platform/kinfo/sysctl.h"
#include "platform/kinfo/system.h"
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
