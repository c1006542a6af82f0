#include "platform/procfs/limits.h"

#include <sys/resource.h>

#include "core/text.h"

namespace psutil {
namespace {

struct Row {
  std::string_view name;
  int resource;
};

// Numbers differ between architectures (MIPS, SPARC, Alpha), names do not.
constexpr Row kRows[] = {
    {"Max cpu time ", RLIMIT_CPU},
    {"Max file size ", RLIMIT_FSIZE},
    {"Max data size ", RLIMIT_DATA},
    {"Max stack size ", RLIMIT_STACK},
    {"Max core file size ", RLIMIT_CORE},
    {"Max resident set ", RLIMIT_RSS},
    {"Max processes ", RLIMIT_NPROC},
    {"Max open files ", RLIMIT_NOFILE},
    {"Max locked memory ", RLIMIT_MEMLOCK},
    {"Max address space ", RLIMIT_AS},
    {"Max file locks ", RLIMIT_LOCKS},
    {"Max pending signals ", RLIMIT_SIGPENDING},
    {"Max msgqueue size ", RLIMIT_MSGQUEUE},
    {"Max nice priority ", RLIMIT_NICE},
    {"Max realtime priority ", RLIMIT_RTPRIO},
    {"Max realtime timeout ", RLIMIT_RTTIME},
};
static_assert(sizeof(kRows) / sizeof(kRows[0]) == kResources);

constexpr uint64_t kUnlimited = ~uint64_t{0};

bool value(std::string_view word, uint64_t& value) {
  if (word == "unlimited") {
    value = kUnlimited;
    return true;
  }
  Scanner scanner(word);
  return scanner.number(value) && scanner.done();
}

}  // namespace

bool parse_limits(std::string_view text, Limit (&limits)[kResources]) {
  uint32_t seen = 0;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) break;  // the line is cut off
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    for (const Row& row : kRows) {
      if (line.substr(0, row.name.size()) != row.name) continue;
      Scanner scanner(line.substr(row.name.size()));
      Limit& limit = limits[row.resource];
      const std::string_view soft = scanner.word();
      const std::string_view hard = scanner.word();
      if (!value(soft, limit.soft) || !value(hard, limit.hard)) return false;
      seen |= 1u << row.resource;
      break;
    }
  }
  return seen == (1u << kResources) - 1;
}

}  // namespace psutil
