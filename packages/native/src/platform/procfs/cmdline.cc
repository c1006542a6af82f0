#include "platform/procfs/cmdline.h"

namespace psutil {
namespace {

// So many null bytes behind the first text, and nothing else, are the padding of a title rather than empty arguments:
// process.title of Node, setproctitle(3) and PostgreSQL fill what the arguments took with them.
constexpr size_t kPadding = 4;

// Up to its end, or to a null byte, which is taken as well.
std::string_view take_text(std::string_view& text) {
  const size_t end = text.find('\0');
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return taken;
}

std::string_view without_padding(std::string_view text) {
  const size_t first = text.find('\0');
  const size_t last = text.find_last_not_of('\0');
  if (first != std::string_view::npos && last == first - 1 && text.size() - first >= kPadding) return text.substr(0, first + 1);
  // Its end was overwritten, and blanks are what older programs fill the rest with.
  if (text.back() != '\0') return text.substr(0, text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace

void put_arguments(std::string_view text, PackedValue& arguments) {
  if (text.empty()) return;
  for (text = without_padding(text); !text.empty();) arguments.text(take_text(text));
}

void put_environment(std::string_view text, PackedValue& entries) {
  while (!text.empty()) {
    const std::string_view entry = take_text(text);
    if (!entry.empty()) entries.text(entry);
  }
}

}  // namespace psutil
