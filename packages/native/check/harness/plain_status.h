// A slow and obvious reading of /proc/PID/status: it divides the text into lines, and looks up the key of each value.
// parse_status(), which may leave out lines, is compared with it.
#pragma once

#include <string_view>

#include "platform/procfs/status.h"

namespace check {

// Reads every field of the text, not only requested ones.
psutil::StatusText plain_status(std::string_view text);

// Fails the test if the two differ in a field of `wanted`, or in the thread group.
void expect_same_status(const psutil::StatusText& got, const psutil::StatusText& wanted, psutil::FieldSet fields,
                        const char* file, int line);

}  // namespace check

#define EXPECT_SAME_STATUS(got, wanted, fields) ::check::expect_same_status(got, wanted, fields, __FILE__, __LINE__)
