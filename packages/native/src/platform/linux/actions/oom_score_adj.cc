// A number that the kernel adds to the score by which it chooses a process to end when memory runs out:
// https://man7.org/linux/man-pages/man5/proc_pid_oom_score_adj.5.html.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "core/text.h"
#include "platform/linux/actions/actions.h"
#include "platform/linux/target_check.h"
#include "platform/shared/errno.h"
#include "platform/shared/pid_path.h"

namespace psutil {
namespace {

Failure open_failure() { return errno == ENOENT ? gone("open") : failure_of(errno, "open"); }

Failure read_score(int file, int32_t& score) {
  char text[16];
  const ssize_t length = read_some(file, text, sizeof text);
  if (length < 0) return failure_of(errno, "read");
  return Scanner({text, static_cast<size_t>(length)}).number(score) ? Failure{} : failure_of(EIO, "read");
}

Failure write_score(int file, int score) {
  char text[16];
  const int length = std::snprintf(text, sizeof text, "%d\n", score);
  return write(file, text, static_cast<size_t>(length)) == length ? Failure{} : failure_of(errno, "write");
}

}  // namespace

Failure set_oom_score_adj(ProcRoot& root, const Action& action, ActionResult& before) {
  const ProcessRef& target = action.target;
  if (target.pid <= 0) return root.own() ? gone("open") : unsupported("open");
  const Descriptor directory(open_at(root.fd(), PidPath(target.pid).directory(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0) return open_failure();
  TargetCheck check(root, target, "open");
  Failure failure = check.before(directory.get());
  if (!failure.ok()) return failure;
  const Descriptor file(open_at(directory.get(), "oom_score_adj", O_RDWR | O_CLOEXEC));
  if (file.get() < 0) return open_failure();
  int32_t old = 0;
  failure = read_score(file.get(), old);
  if (failure.ok()) failure = write_score(file.get(), static_cast<int>(action.arguments[0]));
  if (failure.ok()) before.values.push(static_cast<uint64_t>(int64_t{old}));
  return failure;
}

}  // namespace psutil
