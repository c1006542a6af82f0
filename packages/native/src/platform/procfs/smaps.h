// /proc/PID/smaps and smaps_rollup: https://man7.org/linux/man-pages/man5/proc_pid_smaps.5.html, show_smap() in
// fs/proc/task_mmu.c. Each mapping has a line as in maps, and then lines of sizes.
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

// Returns false if it is not a line as in maps.
bool parse_mapping(std::string_view line, MappingLine& mapping);

// Turns \012 back into the end of a line, and appends a null byte. Returns false if memory has run out.
bool unescape_path(std::string_view escaped, Array<char>& path);

// In bytes, in the order of the members of Field::memoryMaps.
struct MappingSizes {
  static constexpr size_t kCount = 10;
  double bytes[kCount] = {};
  // Reads a line of sizes. Ignores other lines.
  void add(std::string_view line);
};

// In the order of the members of Field::memoryFootprint.
struct Footprint {
  enum Member : size_t { kUss, kPss, kSwap, kMembers };
  double bytes[kMembers] = {};
  bool found = false;
  // Adds a line of sizes, of one mapping or of all mappings.
  void add(std::string_view line);
};

}  // namespace psutil
