// /proc/PID/stat: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, do_task_stat() in fs/proc/array.c.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/field_numbers.h"

namespace psutil {

// The numbers that are fields without conversion, by their places in the man page. Every kernel writes them.
struct StatNumber {
  int place;
  Field field;
};
constexpr StatNumber kStatNumbers[] = {
    {4, Field::ppid},
    {5, Field::pgid},
    {6, Field::sid},
    {19, Field::nice},
    {20, Field::threads},
    {39, Field::processor},
};

// The numbers that fields are computed from, also by their places.
enum StatPlace : int {
  kTtyNr = 7,
  kMinflt = 10,
  kCminflt = 11,
  kMajflt = 12,
  kCmajflt = 13,
  kUtime = 14,
  kStime = 15,
  kCutime = 16,
  kCstime = 17,
  kVsize = 23,  // bytes
  kRss = 24,    // pages
  kRtPriority = 40,
  kPolicy = 41,
  kBlockDelay = 42,
  kStatPlaces,
};

struct StatText {
  std::string_view name;  // any bytes, also parentheses and spaces
  char state = '\0';
  FieldNumbers numbers;
  uint64_t start = 0;  // clock ticks since boot
  uint64_t at[kStatPlaces];  // by StatPlace, those of the wanted fields
};

// Returns false if the text is not such a file. May leave out what no wanted field needs.
bool parse_stat(std::string_view text, StatText& out, FieldSet wanted = 0);

}  // namespace psutil
