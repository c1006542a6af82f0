// platform/linux/source_table.h: the cheapest sources for the fields that are asked.
#include "platform/linux/source_table.h"

#include <random>

#include "harness/check.h"

using namespace psutil;

namespace {

constexpr FieldSet fields(std::initializer_list<Field> list) {
  FieldSet mask = 0;
  for (const Field field : list) mask |= bit(field);
  return mask;
}

constexpr SourceSet sources(std::initializer_list<Source> list) {
  SourceSet mask = 0;
  for (const Source source : list) mask |= bit(source);
  return mask;
}

// A planner of its own for each plan: what one remembers is tested beside the planner.
SourceSet plan(FieldSet asked, SourceSet allowed) { return SourcePlanner(kSources, kSourceCount).plan(asked, allowed); }

int cost(SourceSet set) {
  int sum = 0;
  for (size_t i = 0; i < kSourceCount; i++) sum += (set >> i & 1) != 0 ? kSources[i].cost : 0;
  return sum;
}

// What plan() must find, tried out: the lowest cost of any set of the allowed sources that provides all that they provide
// together.
int least_cost(FieldSet asked, SourceSet allowed) {
  const FieldSet all = asked & provided_by(allowed);
  int min = all == 0 ? 0 : INT32_MAX;
  for (SourceSet set = allowed; set != 0; set = (set - 1) & allowed) {
    const int cost_of_set = cost(set);
    if (cost_of_set < min && (all & ~provided_by(set)) == 0) min = cost_of_set;
  }
  return min;
}

void expect_cheapest(FieldSet asked, SourceSet allowed) {
  const SourceSet planned = plan(asked, allowed);
  const bool right = (planned & ~unsigned{allowed}) == 0 && (asked & provided_by(allowed) & ~provided_by(planned)) == 0 &&
                     cost(planned) == least_cost(asked, allowed);
  if (right) return;
  check::About about("fields " + std::to_string(asked) + " from sources " + std::to_string(allowed));
  EXPECT_EQ(planned & ~unsigned{allowed}, 0);
  EXPECT_EQ(asked & provided_by(allowed) & ~provided_by(planned), 0);
  EXPECT_EQ(cost(planned), least_cost(asked, allowed));
}

}  // namespace

TEST("nothing is read for no field") { EXPECT_EQ(plan(0, kProcessSources), 0); }

TEST("a process group and session alone need no file") {
  EXPECT_EQ(plan(fields({Field::pgid}), kProcessSources), sources({Source::kGetpgid}));
  EXPECT_EQ(plan(fields({Field::sid}), kProcessSources), sources({Source::kGetsid}));
  EXPECT_EQ(plan(fields({Field::pgid, Field::sid}), kProcessSources), sources({Source::kGetpgid, Source::kGetsid}));
}

TEST("if a file is read in any case, the process group and session are free") {
  const FieldSet both = fields({Field::pgid, Field::sid});
  EXPECT_EQ(plan(both | fields({Field::umask}), kProcessSources), sources({Source::kStatus}));
  EXPECT_EQ(plan(both | fields({Field::sigmasks, Field::groups}), kProcessSources), sources({Source::kStatus}));
  EXPECT_EQ(plan(both | fields({Field::startTime}), kProcessSources), sources({Source::kStat}));
}

TEST("limits come from the system call, and from the file where system calls are not allowed") {
  EXPECT_EQ(plan(fields({Field::rlimits}), kProcessSources), sources({Source::kPrlimit64}));
  EXPECT_EQ(plan(fields({Field::rlimits}), kFileSources), sources({Source::kLimits}));
  EXPECT_EQ(plan(fields({Field::rlimits}), kProcessSources & ~bit(Source::kPrlimit64)), sources({Source::kLimits}));
}

TEST("a start time needs stat, which then provides all that it can") {
  EXPECT_EQ(plan(fields({Field::startTime}), kProcessSources), sources({Source::kStat}));
  EXPECT_EQ(plan(fields({Field::startTime, Field::name, Field::state, Field::ppid, Field::threads}), kProcessSources),
            sources({Source::kStat}));
  EXPECT_EQ(plan(fields({Field::startTime, Field::umask, Field::name}), kProcessSources),
            sources({Source::kStat, Source::kStatus}));
}

TEST("fields that several sources have take one file each and one system call") {
  const SourceSet needed = sources({Source::kStatus, Source::kStat, Source::kPrlimit64});
  EXPECT_EQ(plan(provided_by(needed), kProcessSources), needed);
  EXPECT_EQ(provided_by(plan(kAllFields, kFileSources)), kAllFields);
}

TEST("a field that no allowed source provides is left out, and the others are still planned") {
  EXPECT_EQ(plan(fields({Field::rlimits, Field::umask}), bit(Source::kStatus)), sources({Source::kStatus}));
  EXPECT_EQ(plan(fields({Field::startTime}), bit(Source::kStatus)), 0);
  EXPECT_EQ(plan(kAllFields, 0), 0);
}

TEST("any set of fields is covered, and no cheaper set of sources covers it") {
  const SourceSet no_calls_for_one = kProcessSources & ~sources({Source::kGetpgid, Source::kGetsid});
  std::mt19937_64 random(1);
  for (int round = 0; round < 300; round++) {
    const FieldSet asked = random() & kAllFields & (round % 2 == 0 ? random() : kAllFields);
    expect_cheapest(asked, kProcessSources);
    expect_cheapest(asked, kFileSources);
    expect_cheapest(asked, no_calls_for_one);  // a oneshot
    expect_cheapest(asked, static_cast<SourceSet>(random()) & kProcessSources);
  }
}

TEST("so it is for each one and two fields and for all") {
  expect_cheapest(kAllFields, kProcessSources);
  for (size_t i = 0; i < kFieldCount; i++) {
    for (size_t j = 0; j <= i; j++) {
      expect_cheapest(FieldSet{1} << i | FieldSet{1} << j, kProcessSources);
      expect_cheapest(FieldSet{1} << i | FieldSet{1} << j, kFileSources);
    }
  }
}

TEST("every field has a source, and one of them is a file") {
  EXPECT_EQ(provided_by(kProcessSources), kAllFields);
  EXPECT_EQ(provided_by(kFileSources), kAllFields);
  EXPECT_EQ(provided_by(0), 0);
}

TEST("files are read in any process namespace, system calls by PID in our own alone") {
  for_each_source(kProcessSources, [](Source source) {
    EXPECT_EQ(row_of(source).by_number, (kFileSources & bit(source)) == 0);
    EXPECT_EQ(row_of(source).put_file != nullptr, (kFileSources & bit(source)) != 0);
    EXPECT_EQ(row_of(source).put_call != nullptr, row_of(source).by_number);
  });
}
