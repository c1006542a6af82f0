#include "platform/dragonfly/rlimit.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "core/text.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

constexpr size_t kMaxText = 2048;
constexpr std::string_view kNames[] = {"cpu",     "fsize", "data",   "stack",  "core", "rss",
                                       "memlock", "nproc", "nofile", "sbsize", "vmem", "posixlock"};
static_assert(RLIMIT_CPU == 0 && RLIMIT_NOFILE == 8 && RLIMIT_POSIXLOCKS == 11, "the names are in their order");

bool parse_limit(Scanner& scanner, uint64_t& limit) {
  scanner.skip_blanks();
  if (scanner.peek() != '-') return scanner.number(limit);
  int32_t none;
  limit = ~uint64_t{0};
  return scanner.number(none) && none == -1;
}

// Returns how many bytes the file has, or -1 and sets errno.
ssize_t read_file(const char* path, char* text) {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  size_t length = 0;
  ssize_t count;
  do {
    count = read(file, text + length, kMaxText - length);
    if (count > 0) length += static_cast<size_t>(count);
  } while (length < kMaxText && (count > 0 || (count < 0 && errno == EINTR)));
  const int error = errno;
  close(file);
  errno = error;
  return count < 0 ? -1 : static_cast<ssize_t>(length);
}

}  // namespace

bool parse_rlimits(std::string_view text, Limits& limits) {
  Scanner scanner(text);
  // A later kernel may have more resources than the headers.
  for (limits.count = 0; !scanner.done() && limits.count < kResources; limits.count++) {
    const std::string_view name = scanner.word();
    if (limits.count < sizeof kNames / sizeof kNames[0] && name != kNames[limits.count]) return false;
    Limit& limit = limits.values[limits.count];
    if (!parse_limit(scanner, limit.soft) || !parse_limit(scanner, limit.hard) || scanner.peek() != '\n') return false;
    scanner.step();
  }
  return limits.count > 0;
}

Failure read_rlimits(int32_t pid, Limits& limits) {
  char path[32];
  std::snprintf(path, sizeof path, "/proc/%d/rlimit", pid);
  char text[kMaxText];
  const ssize_t length = read_file(path, text);
  if (length < 0) return errno == ENOENT ? gone("open") : failure_of(errno, "open");
  // Something else may be mounted there.
  return parse_rlimits({text, static_cast<size_t>(length)}, limits) ? Failure{} : unsupported("read");
}

}  // namespace psutil
