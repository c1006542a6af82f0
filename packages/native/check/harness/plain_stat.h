// /proc/PID/stat and /proc/PID/limits read the slow and obvious way: into words and lines, and then what stands
// where. parse_stat() and parse_limits() are compared with this.
#pragma once

#include <string_view>

#include "platform/procfs/limits.h"
#include "platform/procfs/stat.h"

namespace check {

// False where the text is not such a file.
bool plain_stat(std::string_view text, psutil::StatText& out);
bool plain_limits(std::string_view text, psutil::Limit (&limits)[psutil::kResources]);

// Fails where the two differ.
void expect_same_stat(std::string_view text, const char* file, int line);
void expect_same_limits(std::string_view text, const char* file, int line);

}  // namespace check

#define EXPECT_STAT_READ_ALIKE(text) ::check::expect_same_stat(text, __FILE__, __LINE__)
#define EXPECT_LIMITS_READ_ALIKE(text) ::check::expect_same_limits(text, __FILE__, __LINE__)
