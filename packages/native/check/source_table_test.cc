// platform/linux/source_table.h: the cheapest sources for the requested fields.
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

// A new planner for each plan. The test of the planner covers what it remembers.
SourceSet plan(FieldSet asked, SourceSet allowed) { return SourcePlanner(kSources, kSourceCount).plan(asked, allowed); }

int cost(SourceSet set) {
  int sum = 0;
  for (size_t i = 0; i < kSourceCount; i++) sum += (set >> i & 1) != 0 ? kSources[i].cost : 0;
  return sum;
}

// The allowed sources that provide a requested field which has another source too. Only these are a choice: a source that
// provides nothing is never read, and one that alone provides a field is always read.
SourceSet choices(FieldSet asked, SourceSet allowed, SourceSet& certain) {
  SourceSet found = 0;
  certain = 0;
  for (size_t i = 0; i < kSourceCount; i++) {
    const SourceSet source = SourceSet{1} << i;
    if ((allowed & source) == 0 || (kSources[i].provides & asked) == 0) continue;
    const bool is_alone = (kSources[i].provides & asked & ~provided_by(allowed & ~source)) != 0;
    (is_alone ? certain : found) |= source;
  }
  return found;
}

// What plan() must find, by trying all sets: the lowest cost of a set of the allowed sources that provides all fields that they
// provide together.
int least_cost(FieldSet asked, SourceSet allowed) {
  const FieldSet all = asked & provided_by(allowed);
  SourceSet certain;
  const SourceSet from = choices(asked, allowed, certain);
  int min = INT32_MAX;
  for (SourceSet set = from;; set = (set - 1) & from) {
    const int cost_of_set = cost(set | certain);
    if (cost_of_set < min && (all & ~provided_by(set | certain)) == 0) min = cost_of_set;
    if (set == 0) return min;
  }
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
  EXPECT_EQ(provided_by(plan(kAllFields, kFileSources)), provided_by(kFileSources));
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

TEST("every field has a source, and all but the I/O priority one in another process namespace") {
  EXPECT_EQ(provided_by(kProcessSources), kAllFields);
  EXPECT_EQ(provided_by(kFileSources), kAllFields & ~bit(Field::ioPriority));
  EXPECT_EQ(provided_by(0), 0);
}

TEST("a footprint is summed from the memory map where that is read anyhow") {
  EXPECT_EQ(plan(fields({Field::memoryFootprint}), kProcessSources), sources({Source::kSmapsRollup}));
  EXPECT_EQ(plan(fields({Field::memoryFootprint, Field::memoryMaps}), kProcessSources), sources({Source::kSmaps}));
  EXPECT_EQ(plan(fields({Field::memoryFootprint}), kProcessSources & ~bit(Source::kSmapsRollup)), sources({Source::kSmaps}));
}

TEST("files are read in any process namespace, system calls by PID in our own alone") {
  for_each_source(kProcessSources, [](Source source) {
    EXPECT_EQ(row_of(source).by_number, (kFileSources & bit(source)) == 0);
    const ProcessSource& row = row_of(source);
    EXPECT_EQ((row.put_file != nullptr) + (row.put_directory != nullptr), row.by_number ? 0 : 1);
    EXPECT_EQ(row.put_call != nullptr, row.by_number);
  });
}
