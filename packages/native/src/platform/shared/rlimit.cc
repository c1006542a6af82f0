#include "platform/shared/rlimit.h"

#include <cerrno>

#include "platform/shared/errno.h"

namespace psutil {
namespace {

constexpr uint64_t kNoLimit = ~uint64_t{0};
constexpr auto kRawNoLimit = static_cast<uint64_t>(RLIM_INFINITY);

uint64_t value_of(rlim_t raw) {
  const auto value = static_cast<uint64_t>(raw);
  return value >= kRawNoLimit ? kNoLimit : value;
}

// On some systems RLIM_INFINITY has another type than limits have.
rlim_t raw_value(uint64_t value) { return static_cast<rlim_t>(value >= kRawNoLimit ? kRawNoLimit : value); }

}  // namespace

Limit limit_of(const rlimit& raw) { return {value_of(raw.rlim_cur), value_of(raw.rlim_max)}; }

rlimit raw_of(const Limit& limit) {
  rlimit raw;
  raw.rlim_cur = raw_value(limit.soft);
  raw.rlim_max = raw_value(limit.hard);
  return raw;
}

Failure get_own_rlimits(Limits& limits) {
  for (limits.count = 0; limits.count < kResources; limits.count++) {
    rlimit raw;
    if (getrlimit(static_cast<int>(limits.count), &raw) != 0) {
      if (errno == EINVAL && limits.count > 0) return {};
      return failure_of(errno, "getrlimit");
    }
    limits.values[limits.count] = limit_of(raw);
  }
  return {};
}

Failure set_own_rlimit(int32_t resource, const Limit& limit, Limit& before) {
  rlimit raw;
  if (getrlimit(resource, &raw) != 0) return failure_of(errno, "getrlimit");
  before = limit_of(raw);
  raw = raw_of(limit);
  return setrlimit(resource, &raw) == 0 ? Failure{} : failure_of(errno, "setrlimit");
}

uint64_t most_descriptors() {
  rlimit raw;
  return getrlimit(RLIMIT_NOFILE, &raw) == 0 ? limit_of(raw).soft : kNoLimit;
}

Failure put_rlimits(const Failure& failure, const Limits& limits, RowBuilder& row) {
  if (failure.ok()) row.put_variable(Field::rlimits, limits.values, limits.count * sizeof(Limit));
  return failure;
}

Failure put_own_rlimits(RowBuilder& row) {
  Limits limits;
  return put_rlimits(get_own_rlimits(limits), limits, row);
}

}  // namespace psutil
