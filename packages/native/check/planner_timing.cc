// Measures a plan with 45 fields and 15 sources. Prints figures, and asserts none.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <vector>

#include "harness/many_sources.h"

using namespace psutil;

namespace {

constexpr size_t kRounds = 4001;
constexpr int kRepeats = 64;

struct Figures {
  double median;
  double slowest;  // of a hundred
};

// Nanoseconds for each call. A round makes several calls.
template <typename Plan>
Figures figures(Plan plan) {
  std::vector<double> took;
  for (size_t round = 0; round < kRounds; round++) {
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < kRepeats; i++) plan(round);
    const std::chrono::duration<double, std::nano> lasted = std::chrono::steady_clock::now() - began;
    took.push_back(lasted.count() / kRepeats);
  }
  std::sort(took.begin(), took.end());
  return {took[kRounds / 2], took[kRounds * 99 / 100]};
}

void print(const char* what, const Figures& it) {
  std::printf("%-34s %6.3f us at the median, %6.3f at the 99th percentile\n", what, it.median / 1000, it.slowest / 1000);
}

FieldSet some(std::mt19937_64& random, int count) {
  FieldSet set = 0;
  for (int i = 0; i < count; i++) set |= FieldSet{1} << random() % check::kManyFields;
  return set;
}

}  // namespace

int main() {
  std::mt19937_64 random(1);
  SourcePlanner planner(check::kMany, check::kManySources);
  volatile SourceSet kept = 0;
  for (const int count : {1, 5, 12, check::kManyFields * 3}) {
    std::vector<FieldSet> asked(kRounds);
    for (FieldSet& each : asked) each = some(random, count);
    char what[64];
    std::snprintf(what, sizeof what, "found, of about %d of 45 fields", std::min(count, check::kManyFields));
    // Plans for two alternating sets of allowed sources are remembered. A new planner remembers none.
    print(what, figures([&](size_t round) { kept = planner.find(asked[round], check::kAllOfMany); }));
  }
  std::vector<FieldSet> asked(12);
  for (FieldSet& each : asked) each = some(random, 5);
  print("remembered, of 12 sets in turn", figures([&](size_t round) {
          kept = planner.plan(asked[round % asked.size()], check::kAllOfMany);
        }));
  return 0;
}
