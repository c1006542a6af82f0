// /proc/PID/stat: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, do_task_stat() in fs/proc/array.c.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/field_numbers.h"

namespace psutil {

// The numbers that are fields as they stand, by their places in the man page. Every kernel writes them.
struct StatNumber {
  int place;
  Field field;
};
constexpr StatNumber kStatNumbers[] = {
    {4, Field::ppid},
    {5, Field::pgid},
    {6, Field::sid},
    {20, Field::threads},
};

struct StatText {
  std::string_view name;  // as it is: any bytes, parentheses and spaces too
  char state = '\0';
  FieldNumbers numbers;
  uint64_t start = 0;  // clock ticks since boot
};

// False where the text is not such a file.
bool parse_stat(std::string_view text, StatText& out);

}  // namespace psutil
