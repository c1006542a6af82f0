#include "platform/linux/stat.h"

#include "core/text.h"

namespace psutil {

bool parse_stat(std::string_view text, StatText& out) {
  // Behind the name there are letters and numbers alone, so the last parenthesis is the name's end,
  // whatever the process calls itself.
  const size_t open = text.find('(');
  const size_t close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return false;
  out.name = text.substr(open + 1, close - open - 1);
  Scanner scanner(text.substr(close + 1));
  const std::string_view state = scanner.word();
  if (state.size() != 1) return false;
  out.state = state.front();
  if (!scanner.number(out.ppid) || !scanner.number(out.pgid) || !scanner.number(out.sid)) return false;
  for (int field = 7; field <= 19; field++) scanner.word();
  // Of them, 20 is the number of threads and 21 is always 0.
  if (!scanner.number(out.threads)) return false;
  scanner.word();
  // More fields follow it in every kernel: a number at the text's end was cut.
  return scanner.number(out.start) && !scanner.done();
}

}  // namespace psutil
