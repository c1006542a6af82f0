// How sysctl(3) answers, alike on every system that has it. Compiled with the system's headers.
#pragma once

#include <string.h>

#include "kernel/errors.h"
#include "kernel/table.h"

namespace simulation {

// What the caller has room for, as sysctl(3) takes it.
struct Room {
  void* bytes;
  size_t* size;

  // As SYSCTL_OUT: what fits is copied also where not all does. `slack` is added to a size alone.
  int answer(const void* from, size_t length, const Outcome& outcome, size_t slack = 0) const {
    // Whoever asks for a size alone has room enough.
    const bool enough = bytes == nullptr && outcome.error != nullptr && strcmp(outcome.error, "ENOMEM") == 0;
    if (outcome.error != nullptr && !enough) return fail(outcome.error);
    if (outcome.cut) length = outcome.size;
    if (bytes == nullptr) {
      *size = length + slack;
      return 0;
    }
    const size_t fitting = length < *size ? length : *size;
    memcpy(bytes, from, fitting);
    *size = fitting;
    return fitting < length ? fail("ENOMEM") : 0;
  }
};

}  // namespace simulation
