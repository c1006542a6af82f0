// Builds the bytes of a value that is not an array of numbers: a list of texts, or of structs with texts. The parts follow
// each other in the order of the schema. Numbers are unaligned and in the machine's byte order. lib/protocol/values.ts reads
// the parts until the bytes end.
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "core/array.h"

namespace psutil {

class PackedValue {
 public:
  explicit PackedValue(Array<uint8_t>& bytes) : bytes_(bytes) { bytes_.recycle(); }

  template <typename T>
  void number(T value) {
    static_assert(std::is_arithmetic_v<T>);
    append(&value, sizeof value);
  }
  void text(std::string_view text) {
    number(static_cast<uint32_t>(text.size()));
    append(text.data(), text.size());
  }
  // Before each optional member: whether it follows.
  void present(bool follows) { number(static_cast<uint8_t>(follows ? 1 : 0)); }

  // False if memory has run out.
  bool ok() const { return ok_; }
  const uint8_t* data() const { return bytes_.data(); }
  size_t size() const { return bytes_.size(); }

 private:
  void append(const void* from, size_t length) { ok_ = ok_ && bytes_.append(static_cast<const uint8_t*>(from), length); }

  Array<uint8_t>& bytes_;
  bool ok_ = true;
};

}  // namespace psutil
