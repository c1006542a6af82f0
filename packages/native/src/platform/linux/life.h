// Why there is nothing to read of a process: kernel threads have no memory, and a zombie has given back what it had.
#pragma once

#include "platform/linux/open_process.h"

namespace psutil {

// Reads `stat`, once where it says something that stays.
Life life_of(OpenProcess& row);

// The failure of a source that found nothing; ok for a kernel thread, and for a living process, which may have none.
Failure why_empty(OpenProcess& row, const char* syscall);

// The same of what every living process has: ok for a kernel thread alone.
Failure why_lacking(OpenProcess& row, const char* syscall);

// The directory of a thread that lives on without the main thread, beneath `task`; below 0 where there is none.
int open_living_thread(OpenProcess& row);

}  // namespace psutil
