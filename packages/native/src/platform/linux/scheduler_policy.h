// Scheduling policies by the kernel's numbers: https://man7.org/linux/man-pages/man7/sched.7.html.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/schema.h"

namespace psutil {

// By position in SchedulerPolicy. Number 4, SCHED_ISO, has never been in the kernel.
constexpr uint8_t kPolicyNumbers[] = {0, 1, 2, 3, 5, 6, 7};
constexpr size_t kPolicyCount = sizeof kPolicyNumbers;
static_assert(static_cast<size_t>(SchedulerPolicy::kExt) == kPolicyCount - 1);

// Returns false if the number is no policy of SchedulerPolicy.
constexpr bool policy_of(uint64_t number, SchedulerPolicy& policy) {
  for (size_t i = 0; i < kPolicyCount; i++) {
    if (kPolicyNumbers[i] != number) continue;
    policy = static_cast<SchedulerPolicy>(i);
    return true;
  }
  return false;
}

}  // namespace psutil
