// The fields of a process, and sets of them. The table is generated: a field is a row of schema/fields.mjs, and its position
// there is its bit in a set.
#pragma once

#include <cstddef>
#include <cstdint>

namespace psutil {

// How a field is stored: a number, several numbers, or bytes of any length, of which most processes share a few.
enum class Storage : uint8_t { kFixed, kStruct, kVariable };

// The type of a field that is an integer.
enum class Integer : uint8_t { kNone, kI32, kU32, kI64, kU64 };

}  // namespace psutil

#include "core/fields.generated.h"

namespace psutil {

using FieldSet = uint64_t;
static_assert(kFieldCount <= 64, "a field has a bit in a set");

constexpr const FieldRow& row_of(Field field) { return kFields[static_cast<size_t>(field)]; }
constexpr FieldSet bit(Field field) { return FieldSet{1} << static_cast<unsigned>(field); }
constexpr FieldSet kAllFields = kFieldCount == 64 ? ~FieldSet{0} : (FieldSet{1} << kFieldCount) - 1;

// Fields that are returned without being requested if their source is read anyway.
constexpr FieldSet eager_fields() {
  FieldSet fields = 0;
  for (size_t i = 0; i < kFieldCount; i++) fields |= FieldSet{kFields[i].eager} << i;
  return fields;
}
constexpr FieldSet kEagerFields = eager_fields();

// Calls `each` with every field of a set.
template <typename Each>
constexpr void for_each(FieldSet fields, Each each) {
  for (; fields != 0; fields &= fields - 1) each(static_cast<Field>(__builtin_ctzll(fields)));
}

// A value of sigmasks. Bit 0 is signal 1. `known` has a bit for each set that this platform reports, bit 0 for pending. A set
// has two words, because the BSDs have 128 signals.
struct SignalSets {
  static constexpr size_t kSets = 5;
  enum Set : size_t { kPending, kBlocked, kIgnored, kCaught, kProcessPending };
  uint64_t known;
  uint64_t sets[kSets][2];
};

}  // namespace psutil
