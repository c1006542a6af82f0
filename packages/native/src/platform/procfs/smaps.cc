#include "platform/procfs/smaps.h"

#include "core/text.h"

namespace psutil {
namespace {

constexpr std::string_view kSizes[MappingSizes::kCount] = {
    "Size:",          "Rss:",        "Pss:",       "Shared_Clean:", "Shared_Dirty:", "Private_Clean:",
    "Private_Dirty:", "Referenced:", "Anonymous:", "Swap:",
};

struct Part {
  std::string_view key;
  Footprint::Member member;
};
constexpr Part kParts[] = {
    {"Private_Clean:", Footprint::kUss}, {"Private_Dirty:", Footprint::kUss}, {"Private_Hugetlb:", Footprint::kUss},
    {"Pss:", Footprint::kPss},           {"Swap:", Footprint::kSwap},
};

bool parse_size(std::string_view line, std::string_view key, double& bytes) {
  uint64_t kilobytes;
  if (line.substr(0, key.size()) != key || !Scanner(line.substr(key.size())).number(kilobytes)) return false;
  bytes = static_cast<double>(kilobytes) * 1024;
  return true;
}

// Reads a hexadecimal number and the byte after it.
bool parse_address(Scanner& scanner, char behind, uint64_t& address) {
  if (!scanner.hex(address) || scanner.peek() != behind) return false;
  scanner.step();
  return true;
}

}  // namespace

// "7f0c1a000000-7f0c1a021000 r-xp 00002000 fe:00 1234      /usr/lib/libc.so.6"
bool parse_mapping(std::string_view line, MappingLine& mapping) {
  Scanner scanner(line);
  if (!parse_address(scanner, '-', mapping.start) || !parse_address(scanner, ' ', mapping.end)) return false;
  mapping.permissions = scanner.word();
  if (!scanner.hex(mapping.offset)) return false;
  mapping.device = scanner.word();
  if (mapping.permissions.empty() || mapping.device.empty() || !scanner.number(mapping.inode)) return false;
  scanner.skip_blanks();
  // A path begins with a slash, and any other name with a bracket. Both may end in blanks.
  mapping.path = scanner.rest();
  return true;
}

bool unescape_path(std::string_view escaped, Array<char>& path) {
  constexpr std::string_view kEnd = "\\012";
  path.recycle();
  if (!path.reserve(escaped.size() + 1)) return false;
  while (!escaped.empty()) {
    const bool is_end = escaped.substr(0, kEnd.size()) == kEnd;
    path.push(is_end ? '\n' : escaped.front());
    escaped.remove_prefix(is_end ? kEnd.size() : 1);
  }
  path.data()[path.size()] = '\0';
  return true;
}

void MappingSizes::add(std::string_view line) {
  for (size_t i = 0; i < kCount; i++) {
    if (parse_size(line, kSizes[i], bytes[i])) return;
  }
}

void Footprint::add(std::string_view line) {
  for (const Part& part : kParts) {
    double more;
    if (!parse_size(line, part.key, more)) continue;
    bytes[part.member] += more;
    found = true;
    return;
  }
}

}  // namespace psutil
