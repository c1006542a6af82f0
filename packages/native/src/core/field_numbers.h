// The integers that a parser has found, by field. Code that puts them into a row need not name the fields.
#pragma once

#include <cstdint>

#include "core/schema.h"
#include "core/text.h"

namespace psutil {

// Reads an integer of this type; a negative one is stored in two's complement. Returns false if there is none that fits.
inline bool scan_integer(Integer type, Scanner& scanner, uint64_t& bits) {
  int64_t number;
  switch (type) {
    case Integer::kU64:
      return scanner.number(bits);
    case Integer::kU32:
      if (!scanner.number(bits)) return false;
      return bits <= UINT32_MAX;
    case Integer::kI64:
    case Integer::kI32:
      if (!scanner.number(number)) return false;
      bits = static_cast<uint64_t>(number);
      return type == Integer::kI64 || (number <= INT32_MAX && number >= -INT32_MAX);
    case Integer::kNone:
      return false;
  }
  return false;
}

class FieldNumbers {
 public:
  // Reads a number of the field's type. Returns false if there is none.
  bool scan(Field field, Scanner& scanner) {
    uint64_t bits = 0;
    if (!scan_integer(row_of(field).integer, scanner, bits)) return false;
    set(field, bits);
    return true;
  }
  void set(Field field, uint64_t bits) {
    bits_[static_cast<size_t>(field)] = bits;
    present_ |= bit(field);
  }

  FieldSet present() const { return present_; }
  bool has(Field field) const { return (present_ & bit(field)) != 0; }
  uint64_t bits(Field field) const { return bits_[static_cast<size_t>(field)]; }
  // 0 if it is missing.
  int32_t i32(Field field) const { return has(field) ? static_cast<int32_t>(bits(field)) : 0; }

 private:
  FieldSet present_ = 0;
  uint64_t bits_[kFieldCount];  // of those that are present
};

}  // namespace psutil
