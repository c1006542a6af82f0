// The size of a page of memory, in which the kernel counts.
#pragma once

#include <cstdint>

namespace psutil {

// Read when the addon is loaded, as kMillisecondsATick is.
extern const uint64_t kPageSize;

inline double bytes_of_pages(uint64_t pages) { return static_cast<double>(pages) * static_cast<double>(kPageSize); }

}  // namespace psutil
