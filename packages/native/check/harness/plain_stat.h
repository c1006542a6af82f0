// A slow and obvious reading of /proc/PID/stat and /proc/PID/limits: it divides the text into words and lines first.
// parse_stat() and parse_limits() are compared with it.
#pragma once

#include <string_view>

#include "platform/procfs/limits.h"
#include "platform/procfs/stat.h"

namespace check {

// Returns false if the text is not such a file.
bool plain_stat(std::string_view text, psutil::StatText& out);
bool plain_limits(std::string_view text, psutil::Limit (&limits)[psutil::kResources]);

// Fails the test if the two differ.
void expect_same_stat(std::string_view text, const char* file, int line);
void expect_same_limits(std::string_view text, const char* file, int line);

}  // namespace check

#define EXPECT_STAT_READ_ALIKE(text) ::check::expect_same_stat(text, __FILE__, __LINE__)
#define EXPECT_LIMITS_READ_ALIKE(text) ::check::expect_same_limits(text, __FILE__, __LINE__)
