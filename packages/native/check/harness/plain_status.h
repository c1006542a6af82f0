// /proc/PID/status read the slow and obvious way: cut into lines, look a key up, read what stands behind
// it. What parse_status() may leave out is compared with this.
#pragma once

#include <string_view>

#include "platform/procfs/status.h"

namespace check {

// Every field that the text has, also those that were not requested.
psutil::StatusText plain_status(std::string_view text);

// Fails where the two differ in a field of `wanted`, or in the thread group.
void expect_same_status(const psutil::StatusText& got, const psutil::StatusText& wanted, psutil::FieldSet fields,
                        const char* file, int line);

}  // namespace check

#define EXPECT_SAME_STATUS(got, wanted, fields) ::check::expect_same_status(got, wanted, fields, __FILE__, __LINE__)
