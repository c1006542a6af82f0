// The operations of the addon's Reader, and the positions of their arguments. lib/operation.ts encodes the same. An operation
// is a number and positional arguments, not an object: reading eight properties of an object takes a microsecond, and reading
// one field of a process takes two.
#pragma once

#include <cstddef>
#include <cstdint>

namespace psutil {

enum class Operation : uint8_t {
  kPids,    // fields, flags, urgentPending, pids, starts, sets, setOf
  kTable,   // fields, flags, urgentPending
  kCursor,  // fields, flags, urgentPending, number, from, max, sampler, maxHeld
  kList,    // cursor, max, urgentPending
  kAct,     // kind, pid, start, arguments
  kDescendants,  // pids, max
  kEndSampler,  // sampler
};
constexpr uint8_t kOperationCount = 7;

// Positions; 0 is the operation.
enum ReadArgument : size_t { kReadFields = 1, kReadFlags, kReadUrgentPending };
enum PidsArgument : size_t { kPidsPids = 4, kPidsStarts, kPidsSets, kPidsSetOf };
enum CursorArgument : size_t { kCursorNumber = 4, kCursorFrom, kCursorMax, kCursorSampler, kCursorMaxHeld };
enum ListArgument : size_t { kListCursor = 1, kListMax, kListUrgentPending };
enum DescendantsArgument : size_t { kDescendantsPids = 1, kDescendantsMax };
enum EndSamplerArgument : size_t { kEndSamplerSampler = 1 };
enum ActArgument : size_t { kActKind = 1, kActPid, kActStart, kActArguments };

}  // namespace psutil
