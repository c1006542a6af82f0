// A time that the system returns in seconds and microseconds.
#pragma once

#include <cstdint>

namespace psutil {

// What does not fit into 64 bits is no time that a kernel returns; the result is then wrong, but defined.
template <typename Seconds, typename Rest>
inline int64_t microseconds_of(Seconds seconds, Rest rest) {
  return static_cast<int64_t>(static_cast<uint64_t>(seconds) * 1000000 + static_cast<uint64_t>(rest));
}

}  // namespace psutil
