#include "platform/procfs/stat.h"

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
  // Words that only begin with a number are none, and more fields follow in every kernel: a number at the text's end
  // was cut.
  const auto number = [&scanner](auto& value) { return scanner.number(value) && scanner.at_blank(); };
  if (!number(out.ppid) || !number(out.pgid) || !number(out.sid)) return false;
  for (int field = 7; field <= 19; field++) scanner.word();
  // Of them, 20 is the number of threads and 21 is always 0.
  if (!number(out.threads)) return false;
  scanner.word();
  return number(out.start);
}

}  // namespace psutil
