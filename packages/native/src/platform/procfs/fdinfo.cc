#include "platform/procfs/fdinfo.h"

#include "core/text.h"

namespace psutil {

bool parse_fdinfo(std::string_view text, FdInfo& info) {
  bool has_position = false;
  bool has_flags = false;
  for (size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
    const std::string_view line = text.substr(0, end);
    int32_t flags;
    if (line.substr(0, 4) == "pos:") {
      has_position = Scanner(line.substr(4)).number(info.position);
    } else if (line.substr(0, 6) == "flags:" && Scanner(line.substr(6)).octal(flags)) {
      info.flags = static_cast<uint32_t>(flags);
      has_flags = true;
    } else if (line.substr(0, 4) == "ino:") {
      // What follows belongs to the kind of file.
      Scanner(line.substr(4)).number(info.inode);
      break;
    }
  }
  return has_position && has_flags;
}

}  // namespace psutil
