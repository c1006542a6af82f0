// Generated from schema/fields.mjs by schema/generate.mjs.
#pragma once

#include <cstddef>
#include <cstdint>

namespace psutil {

enum class Field : uint8_t {
  name,
  ppid,
  state,
  uids,
  gids,
  groups,
  umask,
  sigmasks,
  pgid,
  sid,
  threads,
  startTime,
  rlimits,
};

constexpr size_t kFieldCount = 13;

// Of a field's columns the first stands at `first` of kColumnWidths; a variable value has one, of dictionary codes.
struct FieldRow {
  const char* name;
  const char* type;
  Storage storage;
  Integer integer;
  uint8_t first;
  uint8_t columns;
};

constexpr FieldRow kFields[kFieldCount] = {
    {"name", "text", Storage::kVariable, Integer::kNone, 0, 1},
    {"ppid", "i32", Storage::kFixed, Integer::kI32, 1, 1},
    {"state", "enum(running|sleeping|disk-sleep|stopped|tracing-stop|zombie|dead|idle|parked)", Storage::kFixed, Integer::kNone, 2, 1},
    {"uids", "struct{real:u32,effective:u32,saved:u32}", Storage::kStruct, Integer::kNone, 3, 3},
    {"gids", "struct{real:u32,effective:u32,saved:u32}", Storage::kStruct, Integer::kNone, 6, 3},
    {"groups", "list<u32>", Storage::kVariable, Integer::kNone, 9, 1},
    {"umask", "i32", Storage::kFixed, Integer::kI32, 10, 1},
    {"sigmasks", "list<u64>", Storage::kVariable, Integer::kNone, 11, 1},
    {"pgid", "i32", Storage::kFixed, Integer::kI32, 12, 1},
    {"sid", "i32", Storage::kFixed, Integer::kI32, 13, 1},
    {"threads", "i32", Storage::kFixed, Integer::kI32, 14, 1},
    {"startTime", "f64", Storage::kFixed, Integer::kNone, 15, 1},
    {"rlimits", "list<u64>", Storage::kVariable, Integer::kNone, 16, 1},
};

constexpr uint8_t kColumnWidths[] = {4, 4, 1, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 8, 4};
constexpr size_t kColumnCount = sizeof(kColumnWidths);

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

}  // namespace psutil
