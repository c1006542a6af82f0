#include "platform/shared/source_planner.h"

#include <climits>

namespace psutil {

FieldSet SourcePlanner::provides(SourceSet sources) const {
  FieldSet fields = 0;
  for (; sources != 0; sources &= sources - 1) fields |= provides_[__builtin_ctz(sources)];
  return fields;
}

SourceSet SourcePlanner::plan(FieldSet fields, SourceSet allowed) {
  for (const Remembered& each : remembered_) {
    if (each.fields == fields && each.allowed == allowed) return each.plan;
  }
  Remembered& made = remembered_[oldest_];
  oldest_ = (oldest_ + 1) % kRemembered;
  made = {fields, allowed, find(fields, allowed)};
  return made.plan;
}

// Tries the sources of the field that has the fewest, and gives up a branch that costs more than the cheapest set so far.
struct SourcePlanner::Search {
  const SourcePlanner& planner;
  const SourceSet candidates;
  SourceSet best = 0;
  int best_cost = INT_MAX;

  void go(FieldSet missing, SourceSet chosen, int cost) {
    if (cost >= best_cost) return;
    if (missing == 0) {
      best = chosen;
      best_cost = cost;
      return;
    }
    SourceSet fewest = 0;
    for (FieldSet fields = missing; fields != 0; fields &= fields - 1) {
      const SourceSet sources = bringing(fields & (~fields + 1));
      if (fewest == 0 || __builtin_popcount(sources) < __builtin_popcount(fewest)) fewest = sources;
    }
    for (; fewest != 0; fewest &= fewest - 1) {
      const int source = __builtin_ctz(fewest);
      go(missing & ~planner.provides_[source], chosen | SourceSet{1} << source,
         cost + planner.costs_[source]);
    }
  }

  SourceSet bringing(FieldSet field) const {
    SourceSet sources = 0;
    for (SourceSet left = candidates; left != 0; left &= left - 1) {
      if (planner.provides_[__builtin_ctz(left)] & field) sources |= left & (~left + 1);
    }
    return sources;
  }
};

SourceSet SourcePlanner::find(FieldSet fields, SourceSet allowed) const {
  FieldSet once = 0;
  FieldSet twice = 0;
  for (SourceSet left = allowed; left != 0; left &= left - 1) {
    const FieldSet brought = provides_[__builtin_ctz(left)] & fields;
    twice |= once & brought;
    once |= brought;
  }
  const FieldSet alone = once & ~twice;
  SourceSet forced = 0;
  for (SourceSet left = allowed; left != 0; left &= left - 1) {
    if (provides_[__builtin_ctz(left)] & alone) forced |= left & (~left + 1);
  }
  const FieldSet missing = once & ~provides(forced);
  if (missing == 0) return forced;
  SourceSet candidates = 0;
  for (SourceSet left = allowed & ~forced; left != 0; left &= left - 1) {
    if (provides_[__builtin_ctz(left)] & missing) candidates |= left & (~left + 1);
  }
  Search search = {*this, candidates};
  search.go(missing, 0, 0);
  return forced | search.best;
}

}  // namespace psutil
