// How sysctl(3) answers, alike on every system that has it. Compiled with the system's headers.
#pragma once

#include <string.h>

#include "kernel/errors.h"
#include "kernel/table.h"

namespace simulation {

// The buffer that a caller of sysctl(3) passes.
struct OutputBuffer {
  void* bytes;
  size_t* size;

  // As SYSCTL_OUT: what fits is copied also where not all does. `slack` is added to a size alone.
  int answer(const void* from, size_t length, const Outcome& outcome, size_t slack = 0) const {
    // A call for the size alone has room enough.
    const bool enough = bytes == nullptr && outcome.error != nullptr && strcmp(outcome.error, "ENOMEM") == 0;
    if (outcome.error != nullptr && !enough) return fail(outcome.error);
    const size_t present = outcome.cut ? outcome.size : length;
    if (bytes == nullptr) {
      *size = present + slack;
      return 0;
    }
    const size_t fitting = present < *size ? present : *size;
    // A later kernel's struct is longer than what there is here.
    memset(bytes, 0xa5, fitting);
    memcpy(bytes, from, fitting < length ? fitting : length);
    *size = fitting;
    return fitting < present ? fail("ENOMEM") : 0;
  }

  // Elements of which the caller wants the first `wanted` bytes each, as many as `max`; what the kernel does
  // not have of them is left as it is.
  int answer_list(const char* from, size_t length, size_t count, size_t wanted, size_t max, const Outcome& outcome,
                  size_t slack) const {
    auto* packed = new char[count * wanted + 1];
    size_t present = count < max ? count : max;
    for (size_t i = 0; i < present; i++) memcpy(packed + i * wanted, from + i * length, wanted < length ? wanted : length);
    const size_t fitting = bytes == nullptr ? present : *size / wanted;
    const bool enough = fitting >= present && present == count;
    if (fitting < present) present = fitting;
    int result = answer(packed, present * wanted, outcome, slack);
    if (result == 0 && bytes != nullptr && !enough) result = fail("ENOMEM");
    delete[] packed;
    return result;
  }
};

}  // namespace simulation
