// What the program of tasks.bpf.c needs of a machine, and what of it is missing here.
#pragma once

#include "core/failure.h"

namespace psutil {

// Looks without loading anything; `about` of the failure names the capability, file or version. It lasts where it will
// be so for as long as the program runs.
Failure missing_for_bpf();

// "Not supported", or "not permitted", and this is why.
Failure lacking_for_bpf(const char* about);
Failure forbidden_for_bpf(const char* about);

// Everything that can be looked at was there, and the kernel refused the program with this errno.
Failure refused_by_kernel(int number);

}  // namespace psutil
