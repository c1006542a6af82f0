// sysctl(3), by which BSDs return processes: https://man.freebsd.org/cgi/man.cgi?sysctl(3).
#pragma once

#include "core/array.h"
#include "core/failure.h"

namespace psutil {

// A name in numbers. sysctl takes it without `const` on some systems.
struct Mib {
  static constexpr size_t kMost = 6;
  int numbers[kMost];
  unsigned length;
};

// A value of `size` bytes at most; `size` becomes how many it has.
Failure read_sysctl(Mib mib, void* value, size_t& size);

// A value that may grow between the call that asks for its size and the one that takes it. Bounded: where
// it grows faster than it is read, that is ENOMEM.
Failure read_sysctl(Mib mib, Array<char>& value);

}  // namespace psutil
