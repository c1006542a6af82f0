// Converts an errno to a Failure.
#pragma once

#include "core/failure.h"

namespace psutil {

// The name of a number, such as "EMFILE"; "UNKNOWN" if it has none here.
const char* errno_name(int number);

// ESRCH becomes kGone, EPERM and EACCES kDenied, ENOSYS and ENOTSUP kUnsupported, and any other kSystem.
Failure failure_of(int number, const char* syscall);

Failure gone(const char* syscall);
// The process has ended, its parent has not waited for it, and it no longer has the value.
Failure zombie(const char* syscall);
Failure unsupported(const char* syscall);

}  // namespace psutil
