// The facts that can be asked of a process, and sets of them. The table is generated: a field is a row of
// schema/fields.mjs, and its position there is its bit in a set.
#pragma once

#include <cstddef>
#include <cstdint>

namespace psutil {

// How a field is stored: a number, several numbers, or bytes of any length, of which most processes share a few.
enum class Storage : uint8_t { kFixed, kStruct, kVariable };

// The integer that a field is, if it is one.
enum class Integer : uint8_t { kNone, kI32, kU32, kI64, kU64 };

}  // namespace psutil

#include "core/fields.generated.h"

namespace psutil {

using FieldSet = uint64_t;
static_assert(kFieldCount <= 64, "a field has a bit in a set");

constexpr const FieldRow& row_of(Field field) { return kFields[static_cast<size_t>(field)]; }
constexpr FieldSet bit(Field field) { return FieldSet{1} << static_cast<unsigned>(field); }
constexpr FieldSet kAllFields = kFieldCount == 64 ? ~FieldSet{0} : (FieldSet{1} << kFieldCount) - 1;

// Calls `each` with every field of a set.
template <typename Each>
constexpr void for_each(FieldSet fields, Each each) {
  for (; fields != 0; fields &= fields - 1) each(static_cast<Field>(__builtin_ctzll(fields)));
}

// What a value of sigmasks holds. Bit 0 is signal 1. `known` says which of the five this platform reports, bit 0 for
// pending and so on. Two words a set leave room for the 128 signals that the BSDs have.
struct SignalSets {
  static constexpr size_t kSets = 5;
  enum Set : size_t { kPending, kBlocked, kIgnored, kCaught, kProcessPending };
  uint64_t known;
  uint64_t sets[kSets][2];
};

}  // namespace psutil
