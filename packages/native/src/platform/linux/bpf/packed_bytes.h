// Bytes most of which are zero, without most of the zeros.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/array.h"

namespace psutil {

// Over and over: how many bytes follow, these, and how many zeros come behind them.
struct PackedBytes {
  const uint8_t* from;
  size_t length;
  size_t unpacked;
};

// False where memory has run out.
inline bool unpack(const PackedBytes& packed, Array<uint8_t>& bytes) {
  if (!bytes.resize(packed.unpacked)) return false;
  uint8_t* to = bytes.data();
  for (const uint8_t* from = packed.from; from < packed.from + packed.length;) {
    const uint8_t count = *from++;
    std::memcpy(to, from, count);
    to += count;
    from += count;
    const uint8_t zeros = *from++;
    std::memset(to, 0, zeros);
    to += zeros;
  }
  return true;
}

}  // namespace psutil
