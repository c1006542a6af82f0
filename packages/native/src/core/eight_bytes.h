// Eight characters of a text at once: a loop over each takes several times as long, for the processor cannot foresee where it ends.
#pragma once

#include <cstdint>
#include <cstring>

namespace psutil {

class EightBytes {
 public:
  static constexpr int kLength = 8;

  // The first character is the lowest byte.
  explicit EightBytes(const char* from) {
    std::memcpy(&bytes_, from, kLength);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes_ = __builtin_bswap64(bytes_);
#endif
  }

  // How many digits there are before the first other character.
  int leading_digits() const {
    const uint64_t values = bytes_ ^ each('0');
    // A byte above 9 has its highest bit now. A carry only comes to those behind it.
    const uint64_t others = ((values + each(0x7f - 9)) | values) & each(0x80);
    return others == 0 ? kLength : first(others);
  }

  // The number that the first digits make, of which there is at least one.
  uint64_t number(int digits) const {
    // With zeros before it: they are the lower bytes.
    uint64_t value = (bytes_ & each(0x0f)) << (8 * (kLength - digits));
    // Two digits are put together, then two of these, and again.
    value = (value * (1 + (10 << 8))) >> 8 & 0x00ff00ff00ff00ff;
    value = (value * (1 + (100 << 16))) >> 16 & 0x0000ffff0000ffff;
    return (value * (1 + (uint64_t{10000} << 32))) >> 32;
  }

  // Where this character stands: the highest bit of each of these bytes.
  uint64_t marks(char character) const {
    const uint64_t others = bytes_ ^ each(static_cast<uint8_t>(character));
    return ~(((others & each(0x7f)) + each(0x7f)) | others | each(0x7f));
  }
  static int count(uint64_t marks) { return static_cast<int>((marks >> 7) * each(1) >> 56); }
  static int first(uint64_t marks) { return __builtin_ctzll(marks) / 8; }

 private:
  static constexpr uint64_t each(uint8_t byte) { return byte * uint64_t{0x0101010101010101}; }

  uint64_t bytes_;
};

}  // namespace psutil
