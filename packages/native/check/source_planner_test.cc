// platform/shared/source_planner.h: the cheapest sources for the requested fields, in any table of sources.
#include "platform/shared/source_planner.h"

#include <climits>
#include <random>
#include <vector>

#include "harness/check.h"
#include "harness/many_sources.h"

using namespace psutil;

namespace {

constexpr FieldSet f(int field) { return FieldSet{1} << field; }

// The lowest cost of any set of the allowed sources that provides all fields that they provide together.
int least_cost(const std::vector<SourceRow>& table, FieldSet asked, SourceSet allowed) {
  int min = INT_MAX;
  FieldSet all_fields = 0;
  for (size_t i = 0; i < table.size(); i++) all_fields |= (allowed >> i & 1) != 0 ? table[i].provides : 0;
  for (SourceSet set = 0; set < SourceSet{1} << table.size(); set++) {
    if ((set & ~allowed) != 0) continue;
    FieldSet brought = 0;
    int cost = 0;
    for (size_t i = 0; i < table.size(); i++) {
      if ((set >> i & 1) == 0) continue;
      brought |= table[i].provides;
      cost += table[i].cost;
    }
    if ((asked & all_fields & ~brought) == 0 && cost < min) min = cost;
  }
  return min;
}

int cost_of(const std::vector<SourceRow>& table, SourceSet set) {
  int cost = 0;
  for (size_t i = 0; i < table.size(); i++) cost += (set >> i & 1) != 0 ? table[i].cost : 0;
  return cost;
}

}  // namespace

TEST("no field needs no source, and a field that none brings is left out") {
  const SourceRow table[] = {{"a", f(0) | f(1), 10, false}};
  SourcePlanner planner(table, 1);
  EXPECT_EQ(planner.plan(0, 1), 0);
  EXPECT_EQ(planner.plan(f(2), 1), 0);
  EXPECT_EQ(planner.plan(f(1) | f(2), 1), 1);
  EXPECT_EQ(planner.plan(f(1), 0), 0);
}

TEST("a source that alone brings a field is read, and then brings all that it has") {
  const SourceRow table[] = {{"a", f(0) | f(1), 90, false}, {"b", f(1), 1, true}, {"c", f(2), 5, false}};
  SourcePlanner planner(table, 3);
  EXPECT_EQ(planner.plan(f(1), 7), 2);
  EXPECT_EQ(planner.plan(f(0) | f(1), 7), 1);
  EXPECT_EQ(planner.plan(f(0) | f(1) | f(2), 7), 5);
  EXPECT_EQ(planner.plan(f(1), 5), 1);
}

TEST("among sources that overlap the cheapest set is found, whatever the table") {
  std::mt19937 random(1);
  for (int round = 0; round < 300; round++) {
    check::About about("table " + std::to_string(round));
    std::vector<SourceRow> table;
    const size_t count = 1 + random() % 9;
    for (size_t i = 0; i < count; i++) {
      table.push_back({"s", random() & random() & 0xfff, static_cast<int>(1 + random() % 50), false});
    }
    SourcePlanner planner(table.data(), count);
    for (int each = 0; each < 20; each++) {
      const FieldSet asked = random() & random() & 0xfff;
      const auto allowed = static_cast<SourceSet>(random() & ((SourceSet{1} << count) - 1));
      const SourceSet planned = planner.plan(asked, allowed);
      EXPECT_EQ(planned & ~allowed, 0);
      EXPECT_EQ(asked & planner.provides(allowed) & ~planner.provides(planned), 0);
      EXPECT_EQ(cost_of(table, planned), least_cost(table, asked, allowed));
    }
  }
}

TEST("a plan that is remembered is the one that was found, also after many others") {
  std::mt19937 random(2);
  std::vector<SourceRow> table;
  for (int i = 0; i < 8; i++) table.push_back({"s", random() & 0xffff, static_cast<int>(1 + random() % 50), false});
  SourcePlanner planner(table.data(), table.size());
  for (int round = 0; round < 2000; round++) {
    const FieldSet asked = random() & 0x3f;
    SourcePlanner fresh(table.data(), table.size());
    EXPECT_EQ(planner.plan(asked, 0xff), fresh.plan(asked, 0xff));
  }
}

TEST("of 45 fields and 15 sources the cheapest set is found") {
  const std::vector<SourceRow> table(std::begin(check::kMany), std::end(check::kMany));
  SourcePlanner planner(check::kMany, check::kManySources);
  EXPECT_EQ(planner.provides(check::kAllOfMany), check::fields(0, check::kManyFields));
  std::mt19937_64 random(3);
  for (int round = 0; round < 100; round++) {
    const FieldSet asked = random() & random() & check::fields(0, check::kManyFields);
    const SourceSet planned = planner.plan(asked, check::kAllOfMany);
    EXPECT_EQ(asked & ~planner.provides(planned), 0);
    EXPECT_EQ(cost_of(table, planned), least_cost(table, asked, check::kAllOfMany));
  }
}
