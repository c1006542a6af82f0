#include "platform/linux/planner.h"

#include <climits>

namespace psutil {

FieldSet gives(SourceMask sources) {
  FieldSet fields = 0;
  for (size_t i = 0; i < kSourceCount; i++) {
    if (sources >> i & 1) fields |= kSources[i].gives;
  }
  return fields;
}

// With six sources there are 64 sets of them: trying each is quicker than being clever.
SourceMask plan(FieldSet fields, SourceMask allowed) {
  const FieldSet wanted = fields & gives(allowed);
  SourceMask best = allowed;
  int best_cost = INT_MAX;
  for (unsigned set = 0; set <= kAllSources; set++) {
    if ((set & ~unsigned{allowed}) != 0) continue;
    if ((gives(static_cast<SourceMask>(set)) & wanted) != wanted) continue;
    int cost = 0;
    for (size_t i = 0; i < kSourceCount; i++) {
      if (set >> i & 1) cost += kSources[i].cost;
    }
    if (cost < best_cost) {
      best = static_cast<SourceMask>(set);
      best_cost = cost;
    }
  }
  return best;
}

}  // namespace psutil
