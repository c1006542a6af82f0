#include "platform/procfs/exit_status.h"

#include "core/text.h"
#include "platform/procfs/status_value.h"

namespace psutil {
namespace {

constexpr int kThreads = 20;
constexpr int kExitCode = 52;

}  // namespace

bool parse_exit(std::string_view stat, ExitText& out) {
  const size_t close = stat.rfind(')');
  if (close == std::string_view::npos) return false;
  Scanner scanner(stat.substr(close + 1));
  const std::string_view state = scanner.word();
  if (state.size() != 1) return false;
  uint64_t threads = 0;
  for (int place = 4; place < kExitCode; place++) {
    if (place != kThreads) scanner.word();
    else if (!scanner.number(threads)) return false;
  }
  // A main thread that has ended before others is a zombie too.
  out.has_ended = is_ended(state.front()) && threads <= 1;
  out.has_status = scanner.number(out.status);
  return true;
}

}  // namespace psutil
