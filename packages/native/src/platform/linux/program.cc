#include "platform/linux/program.h"

#include "core/text.h"
#include "platform/linux/links.h"

namespace psutil {
namespace {

// Empty where the link leads nowhere, as that of a kernel thread and of a zombie does, or is denied.
std::string_view path_of(const OpenProcess& row, Array<char>& target) {
  if (!read_link(row.directory, "exe", target).ok()) return {};
  return {target.data(), target.size()};
}

constexpr int kStartStack = 28;

}  // namespace

// 0 where it is denied, or not random.
uint64_t ProgramCheck::stack() {
  std::string_view text;
  if (!row_.target.is_bound() || !row_.root.read(row_.directory, "stat", text).ok()) return 0;
  const size_t close = text.rfind(')');
  if (close == std::string_view::npos) return 0;
  Scanner scanner(text.substr(close + 1));
  for (int place = 3; place < kStartStack; place++) scanner.word();
  uint64_t start = 0;
  return scanner.number(start) ? start : 0;
}

void ProgramCheck::begin() {
  stack_ = stack();
  if (path_of(row_, row_.scratch.program).empty()) row_.scratch.program.recycle();
}

bool ProgramCheck::is_another() {
  const std::string_view before = {row_.scratch.program.data(), row_.scratch.program.size()};
  return path_of(row_, row_.scratch.link) != before || stack() != stack_;
}

}  // namespace psutil
