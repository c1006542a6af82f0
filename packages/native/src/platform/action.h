// Changes to a process. lib/protocol/action.ts has the same kinds and the order of their arguments.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/array.h"
#include "core/failure.h"
#include "platform/process_ref.h"
#include "platform/shared/errno.h"

namespace psutil {

// Each returns the values that it replaces. `all` is 1 if it changes every thread of the process, and 0 if it changes the main
// thread; the values returned are the main thread's.
enum class ActionKind : uint8_t {
  kRlimit,       // resource, soft, hard; returns soft, hard
  kNice,         // all, nice; returns nice
  kIoPriority,   // all, IoClass, level; returns IoClass, level
  kAffinity,     // all, words of a mask with a bit for each processor; returns such words
  kScheduler,    // all, SchedulerPolicy, priority; returns SchedulerPolicy, priority
  kOomScoreAdj,  // score; returns score
  kKill,         // signal, 0 to ask only; returns nothing
};

// Of a mask of processors: twice as many as Linux can be compiled for.
constexpr size_t kMaxMaskWords = 256;

struct ActionRow {
  const char* name;
  size_t min_arguments;
  size_t max_arguments;
};

// By kind.
constexpr ActionRow kActions[] = {
    {"rlimit", 3, 3},     {"nice", 2, 2},      {"ioPriority", 3, 3}, {"affinity", 2, 1 + kMaxMaskWords},
    {"scheduler", 3, 3}, {"oomScoreAdj", 1, 1}, {"kill", 1, 1},
};
constexpr size_t kActionCount = sizeof kActions / sizeof kActions[0];

constexpr uint32_t bit(ActionKind kind) { return 1u << static_cast<uint32_t>(kind); }

// `arguments` has as many elements as the kind requires; the binding checks that. A negative number is in two's complement.
struct Action {
  ActionKind kind;
  ProcessRef target;
  const uint64_t* arguments;
  size_t count = kActions[0].min_arguments;  // of the arguments
};

// The values that an action has replaced, in the order of its kind.
struct ActionResult {
  Array<uint64_t> values;
};

struct Limit {
  uint64_t soft;
  uint64_t hard;
};

// Performs an action for a backend that sets only limits. It calls
// set(const ProcessRef&, int32_t resource, const Limit&, Limit& before).
template <typename Set>
Failure set_limit(const Action& action, ActionResult& before, Set set) {
  if (action.kind != ActionKind::kRlimit) return unsupported("none");
  const auto resource = static_cast<int64_t>(action.arguments[0]);
  // No resource has a number of more than 32 bits. Truncated, the number could name one.
  const int32_t number = resource == static_cast<int32_t>(resource) ? static_cast<int32_t>(resource) : -1;
  Limit old = {};
  const Failure failure = set(action.target, number, Limit{action.arguments[1], action.arguments[2]}, old);
  if (failure.ok()) before.values.push(old.soft), before.values.push(old.hard);
  return failure;
}

}  // namespace psutil
