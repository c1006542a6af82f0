// The last descriptors that a program may have, which waits leave to the rest of it.
#pragma once

#include <cstdint>

namespace psutil {

// Numbers are given from the lowest on: one so near to `most`, the number of descriptors that there may be, says how few are left.
inline bool is_of_the_last(int descriptor, uint64_t most) {
  constexpr uint64_t kLast = 32;
  const uint64_t last = most / 4 < kLast ? most / 4 : kLast;
  return static_cast<uint64_t>(descriptor) >= most - last;
}

}  // namespace psutil
