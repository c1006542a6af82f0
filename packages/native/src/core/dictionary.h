// The distinct values of one column. On a real machine thousands of processes share a few signal masks, limits and group
// lists. So each value is kept, sent and decoded once, and a row has its number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/array.h"

namespace psutil {

class Dictionary {
 public:
  static constexpr uint32_t kNone = 0xffffffff;

  // Takes time in proportion to what it holds now, not to the most that it has held. Returns how many slots it emptied.
  size_t clear();
  // The number of these bytes, which is the same for the same bytes; kNone if memory has run out.
  uint32_t intern(const void* bytes, size_t length) {
    return last_ != kNone && equals(last_, bytes, length) ? last_ : find_or_add(bytes, length);
  }

  size_t count() const { return ends_.size(); }
  const Array<uint32_t>& ends() const { return ends_; }
  const Array<uint8_t>& bytes() const { return bytes_; }
  // Bytes of memory that it keeps.
  size_t footprint() const;

 private:
  bool grow_slots();
  size_t empty_slots();
  uint32_t find_or_add(const void* bytes, size_t length);
  bool equals(uint32_t entry, const void* bytes, size_t length) const {
    const uint32_t begin = begin_of(entry);
    return ends_[entry] - begin == length && (length == 0 || std::memcmp(bytes_.data() + begin, bytes, length) == 0);
  }
  uint32_t begin_of(uint32_t entry) const { return entry == 0 ? 0 : ends_[entry - 1]; }

  Array<uint8_t> bytes_;
  Array<uint32_t> ends_;    // where each value ends in bytes_
  Array<uint32_t> hashes_;  // of each value
  Array<uint32_t> slots_;   // open addressing: entry + 1, or 0
  uint32_t last_ = kNone;   // neighbours in /proc are often children of one parent, with the same values
};

}  // namespace psutil
