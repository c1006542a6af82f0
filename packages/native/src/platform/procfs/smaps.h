// /proc/PID/smaps and smaps_rollup: https://man7.org/linux/man-pages/man5/proc_pid_smaps.5.html, show_smap() in
// fs/proc/task_mmu.c. Of each mapping a line as in maps, and lines of sizes.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/array.h"

namespace psutil {

struct MappingLine {
  uint64_t start = 0;
  uint64_t end = 0;
  uint64_t offset = 0;
  uint64_t inode = 0;
  std::string_view permissions;
  std::string_view device;
  std::string_view path;  // as in the file, with ends of lines as \012; empty for an anonymous mapping
};

// False where it is no line as in maps.
bool parse_mapping(std::string_view line, MappingLine& mapping);

// Turns \012 back into the end of a line; false where memory has run out. A null byte follows.
bool unescape_path(std::string_view escaped, Array<char>& path);

// In bytes, in the order of the members of Field::memoryMaps.
struct MappingSizes {
  static constexpr size_t kCount = 10;
  double bytes[kCount] = {};
  // Takes a line of sizes; others are passed over.
  void add(std::string_view line);
};

// In the order of the members of Field::memoryFootprint.
struct Footprint {
  enum Member : size_t { kUss, kPss, kSwap, kMembers };
  double bytes[kMembers] = {};
  bool found = false;
  // Adds a line of sizes, of one mapping or of all.
  void add(std::string_view line);
};

}  // namespace psutil
