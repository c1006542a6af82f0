// What a pidfd knows of a process that has been reaped: ioctl(PIDFD_GET_INFO), since Linux 6.13, with PIDFD_INFO_EXIT since 6.15.
#pragma once

#include <cstdint>

namespace psutil {

// Reads how the process ended; `is_known` is false while it has not been reaped. Returns false where this kernel does not say.
bool read_exit_info(int pidfd, int32_t& status, bool& is_known);

}  // namespace psutil
