// A time that the system returns in seconds and microseconds.
#pragma once

#include <cstdint>

namespace psutil {

// No kernel returns a time that does not fit into 64 bits. For such a time the result is wrong, but not undefined behaviour.
template <typename Seconds, typename Rest>
inline int64_t microseconds_of(Seconds seconds, Rest rest) {
  return static_cast<int64_t>(static_cast<uint64_t>(seconds) * 1000000 + static_cast<uint64_t>(rest));
}

}  // namespace psutil
