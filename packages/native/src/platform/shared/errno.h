// From an errno to a Failure.
#pragma once

#include "core/failure.h"

namespace psutil {

// "EMFILE" for EMFILE; "UNKNOWN" for a number that has no name here.
const char* errno_name(int number);

// ESRCH is gone, EPERM and EACCES are denied, ENOSYS and ENOTSUP are unsupported, all else is the system's.
Failure failure_of(int number, const char* syscall);

Failure gone(const char* syscall);
// It has ended, is still there, and no longer has this.
Failure zombie(const char* syscall);
Failure unsupported(const char* syscall);

}  // namespace psutil
