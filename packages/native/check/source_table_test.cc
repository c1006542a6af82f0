// platform/linux/source_table.h: the cheapest sources for the fields that are asked.
#include "platform/linux/source_table.h"

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

int cost(unsigned set) {
  int sum = 0;
  for (size_t i = 0; i < kSourceCount; i++) sum += (set >> i & 1) != 0 ? kSources[i].cost : 0;
  return sum;
}

// What plan() must find, tried out: the lowest cost of any set of the allowed sources that provides all that they provide
// together.
int least_cost(FieldSet asked, SourceSet allowed) {
  FieldSet present[kProcessSources + 1] = {};
  for (unsigned set = 1; set <= kProcessSources; set++) {
    for (size_t i = 0; i < kSourceCount; i++) present[set] |= (set >> i & 1) != 0 ? kSources[i].provides : 0;
  }
  int min = INT32_MAX;
  for (unsigned set = 0; set <= kProcessSources; set++) {
    const bool covers = (asked & present[allowed] & ~present[set]) == 0;
    if (covers && (set & ~unsigned{allowed}) == 0) min = std::min(min, cost(set));
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
  EXPECT_EQ(plan(fields({Field::rlimits}), kProcessSources), sources({Source::kPrlimit}));
  EXPECT_EQ(plan(fields({Field::rlimits}), kFileSources), sources({Source::kLimits}));
  EXPECT_EQ(plan(fields({Field::rlimits}), kProcessSources & ~bit(Source::kPrlimit)), sources({Source::kLimits}));
}

TEST("a start time needs stat, which then provides all that it can") {
  EXPECT_EQ(plan(fields({Field::startTime}), kProcessSources), sources({Source::kStat}));
  EXPECT_EQ(plan(fields({Field::startTime, Field::name, Field::state, Field::ppid, Field::threads}), kProcessSources),
            sources({Source::kStat}));
  EXPECT_EQ(plan(fields({Field::startTime, Field::umask, Field::name}), kProcessSources),
            sources({Source::kStat, Source::kStatus}));
}

TEST("every field takes one file each and one system call") {
  EXPECT_EQ(plan(kAllFields, kProcessSources), sources({Source::kStatus, Source::kStat, Source::kPrlimit}));
  EXPECT_EQ(plan(kAllFields, kFileSources), kFileSources);
}

TEST("a field that no allowed source provides is left out, and the others are still planned") {
  EXPECT_EQ(plan(fields({Field::rlimits, Field::umask}), bit(Source::kStatus)), sources({Source::kStatus}));
  EXPECT_EQ(plan(fields({Field::startTime}), bit(Source::kStatus)), 0);
  EXPECT_EQ(plan(kAllFields, 0), 0);
}

TEST("every set of fields is covered, and no cheaper set of sources covers it") {
  const SourceSet no_calls_for_one = kProcessSources & ~sources({Source::kGetpgid, Source::kGetsid});
  for (FieldSet asked = 0; asked <= kAllFields; asked++) {
    expect_cheapest(asked, kProcessSources);
    expect_cheapest(asked, kFileSources);
    expect_cheapest(asked, no_calls_for_one);  // a oneshot
  }
}

TEST("so it is from every set of sources, for each one and two fields and for all") {
  for (unsigned set = 0; set <= kProcessSources; set++) {
    const SourceSet allowed = set;
    expect_cheapest(kAllFields, allowed);
    for (size_t i = 0; i < kFieldCount; i++) {
      for (size_t j = 0; j <= i; j++) expect_cheapest(FieldSet{1} << i | FieldSet{1} << j, allowed);
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
