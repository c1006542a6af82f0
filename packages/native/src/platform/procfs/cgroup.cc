#include "platform/procfs/cgroup.h"

namespace psutil {
namespace {

constexpr size_t kIdDigits = 64;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// What stands between the runtime's prefix, such as "docker-", and ".scope".
std::string_view id_in(std::string_view name) {
  constexpr std::string_view kScope = ".scope";
  if (name.size() > kScope.size() && name.substr(name.size() - kScope.size()) == kScope) name.remove_suffix(kScope.size());
  if (name.size() < kIdDigits) return {};
  const std::string_view id = name.substr(name.size() - kIdDigits);
  for (const char c : id) {
    if (!is_hex(c)) return {};
  }
  const bool is_alone = name.size() == kIdDigits;
  const char before = is_alone ? '-' : name[name.size() - kIdDigits - 1];
  return before == '-' || before == ':' ? id : std::string_view();
}

}  // namespace

// A line is "0::/user.slice", or "1:name=systemd:/user.slice": the path is what stands behind the second colon.
std::string_view parse_cgroup(std::string_view text) {
  std::string_view unified;
  std::string_view systemd;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const size_t first = line.find(':');
    const size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string_view path = line.substr(second + 1);
    if (line.substr(0, first) == "0" && controllers.empty()) unified = path;
    if (controllers == "name=systemd") systemd = path;
  }
  // On a hybrid system both are there, and the processes are in systemd's.
  return unified.data() == nullptr || (unified == "/" && systemd.data() != nullptr) ? systemd : unified;
}

std::string_view container_id(std::string_view path) {
  // The innermost: a container may run others.
  while (!path.empty()) {
    const size_t slash = path.rfind('/');
    const std::string_view id = id_in(slash == std::string_view::npos ? path : path.substr(slash + 1));
    if (!id.empty()) return id;
    path = path.substr(0, slash == std::string_view::npos ? 0 : slash);
  }
  return {};
}

}  // namespace psutil
