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
  int place = 3;
  const auto skip_to = [&](int wanted) {
    while (++place < wanted) scanner.word();
  };
  // Words that only begin with a number are none, and more fields follow in every kernel: a number at the text's end
  // was cut.
  for (const auto [number_place, field] : kStatNumbers) {
    skip_to(number_place);
    if (!out.numbers.scan(field, scanner) || !scanner.at_blank()) return false;
  }
  constexpr int kStart = 22;
  skip_to(kStart);
  return scanner.number(out.start) && scanner.at_blank();
}

}  // namespace psutil
