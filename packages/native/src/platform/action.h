// Changes to a process. lib/protocol/action.ts has the same kinds and the order of their arguments.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/array.h"
#include "core/failure.h"
#include "platform/process_ref.h"

namespace psutil {

enum class ActionKind : uint8_t {
  kRlimit,  // resource, soft, hard; returns the soft and hard limit that it replaces
};

struct ActionRow {
  const char* name;
  size_t arguments;
};

// By their kinds.
constexpr ActionRow kActions[] = {{"rlimit", 3}};
constexpr size_t kActionCount = sizeof kActions / sizeof kActions[0];

// `arguments` has as many elements as the kind requires; the binding checks that. A negative number is in two's complement.
struct Action {
  ActionKind kind;
  ProcessRef target;
  const uint64_t* arguments;
};

// What an action has replaced, in the order that its kind names.
struct ActionResult {
  Array<uint64_t> values;
};

struct Limit {
  uint64_t soft;
  uint64_t hard;
};

// Performs an action of a backend that sets limits and nothing else. `set` is called as
// set(const ProcessRef&, int32_t resource, const Limit&, Limit& before).
template <typename Set>
Failure set_limit(const Action& action, ActionResult& before, Set set) {
  const auto resource = static_cast<int64_t>(action.arguments[0]);
  // A number of more than 32 bits is no resource of any system, and must not become one by truncation.
  const int32_t number = resource == static_cast<int32_t>(resource) ? static_cast<int32_t>(resource) : -1;
  Limit old = {};
  const Failure failure = set(action.target, number, Limit{action.arguments[1], action.arguments[2]}, old);
  if (failure.ok()) before.values.push(old.soft), before.values.push(old.hard);
  return failure;
}

}  // namespace psutil
