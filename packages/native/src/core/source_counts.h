// How often each source was read: the effect of batching and caching can be counted.
#pragma once

#include <cstddef>
#include <cstdint>

namespace psutil {

struct SourceCounts {
  static constexpr size_t kSources = 64;
  int32_t reads[kSources] = {};
};

}  // namespace psutil
