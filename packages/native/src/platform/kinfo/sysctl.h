// sysctl(3), which returns processes: https://man.freebsd.org/cgi/man.cgi?sysctl(3).
#pragma once

#include "core/array.h"
#include "core/failure.h"

namespace psutil {

// The name of a value, in numbers. On some systems sysctl takes it without `const`.
struct Mib {
  static constexpr size_t kMost = 6;
  int numbers[kMost];
  unsigned length;
};

// Reads a value of up to `size` bytes, and sets `size` to its length.
Failure read_sysctl(Mib mib, void* value, size_t& size);

// Reads a value that may grow between the call that returns its size and the one that returns it. Fails with ENOMEM after
// several tries.
Failure read_sysctl(Mib mib, Array<char>& value);

}  // namespace psutil
