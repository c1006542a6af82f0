// Why a source of a process is empty: a kernel thread has no memory, and a zombie has given its memory back.
#pragma once

#include "platform/linux/open_process.h"

namespace psutil {

// Reads `stat`. A state that is final is read once.
Life life_of(OpenProcess& row);

// The failure of an empty source: ok for a kernel thread, and for a live process, which may have no value.
Failure why_empty(OpenProcess& row, const char* syscall);

// The same for a value that every live process has: ok only for a kernel thread.
Failure why_lacking(OpenProcess& row, const char* syscall);

// The directory, beneath `task`, of a thread that lives on after the main thread; below 0 if there is none.
int open_living_thread(OpenProcess& row);

}  // namespace psutil
