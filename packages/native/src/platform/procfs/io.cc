#include "platform/procfs/io.h"

#include <cstdint>

#include "core/text.h"

namespace psutil {
namespace {

constexpr std::string_view kKeys[IoText::kLines] = {
    "read_bytes:", "write_bytes:", "rchar:", "wchar:", "syscr:", "syscw:", "cancelled_write_bytes:",
};

}  // namespace

bool parse_io(std::string_view text, IoText& out) {
  uint32_t found = 0;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) break;  // a kernel ends each line: this one was cut
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    for (size_t i = 0; i < IoText::kLines; i++) {
      uint64_t value;
      if (line.substr(0, kKeys[i].size()) != kKeys[i] || !Scanner(line.substr(kKeys[i].size())).number(value)) continue;
      out.values[i] = static_cast<double>(value);
      found |= uint32_t{1} << i;
    }
  }
  return found == (uint32_t{1} << IoText::kLines) - 1;
}

}  // namespace psutil
