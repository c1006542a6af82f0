// Every fact that can be asked of a process: one row a field. The order is the bit in a FieldMask and
// the position in a frame; lib/field.ts holds the same list, and the two are compared when the addon is loaded.
#pragma once

#include <cstddef>
#include <cstdint>

namespace psutil {

// How a column stores its field. An `entry` is the number of a value in the field's dictionary: values
// of several numbers or of any length, of which most processes share a few.
enum class Shape : uint8_t { kI32, kU8, kF64, kEntry };

// clang-format off
#define PSUTIL_FIELDS(ROW)       \
  ROW(name,      Shape::kEntry) /* bytes, as the kernel has them */             \
  ROW(ppid,      Shape::kI32)                                                   \
  ROW(state,     Shape::kU8)    /* a State */                                   \
  ROW(uids,      Shape::kEntry) /* u32 real, effective, saved */                \
  ROW(gids,      Shape::kEntry) /* u32 real, effective, saved */                \
  ROW(groups,    Shape::kEntry) /* u32 each */                                  \
  ROW(umask,     Shape::kI32)                                                   \
  ROW(sigmasks,  Shape::kEntry) /* a SignalSets */                              \
  ROW(pgid,      Shape::kI32)                                                   \
  ROW(sid,       Shape::kI32)                                                   \
  ROW(threads,   Shape::kI32)                                                   \
  ROW(startTime, Shape::kF64)   /* ticks of the platform's Clock */             \
  ROW(rlimits,   Shape::kEntry) /* u64 soft and hard of each resource in turn */
// clang-format on

enum class Field : uint8_t {
#define PSUTIL_FIELD_ENUM(field, shape) field,
  PSUTIL_FIELDS(PSUTIL_FIELD_ENUM)
#undef PSUTIL_FIELD_ENUM
};

struct FieldRow {
  const char* name;
  Shape shape;
};

constexpr FieldRow kFields[] = {
#define PSUTIL_FIELD_ROW(field, shape) {#field, shape},
    PSUTIL_FIELDS(PSUTIL_FIELD_ROW)
#undef PSUTIL_FIELD_ROW
};

constexpr size_t kFieldCount = sizeof(kFields) / sizeof(kFields[0]);

using FieldMask = uint32_t;

constexpr FieldMask bit(Field field) { return FieldMask{1} << static_cast<unsigned>(field); }
constexpr FieldMask kAllFields = (FieldMask{1} << kFieldCount) - 1;

// The states of api order; lib/field.ts names them.
enum class State : uint8_t {
  kRunning,
  kSleeping,
  kDiskSleep,
  kStopped,
  kTracingStop,
  kZombie,
  kDead,
  kIdle,
  kParked,
};

// What one entry of the sigmasks dictionary holds. Bit 0 is signal 1. `known` says which of the five
// this platform can tell, bit 0 for pending and so on. Two words a set leave room for the 128 signals
// that the BSDs have.
struct SignalSets {
  static constexpr size_t kSets = 5;
  enum Set : size_t { kPending, kBlocked, kIgnored, kCaught, kProcessPending };
  uint64_t known;
  uint64_t sets[kSets][2];
};

}  // namespace psutil
