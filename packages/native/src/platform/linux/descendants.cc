#include "platform/linux/descendants.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "platform/linux/numbered.h"
#include "platform/shared/errno.h"
#include "platform/shared/pid_path.h"

namespace psutil {
namespace {

constexpr int32_t kMaxPid = 1 << 22;  // PID_MAX_LIMIT of the kernel

// A set of PIDs: a bit each, up to the highest.
class PidSet {
 public:
  // Returns false if memory has run out; `is_new` is whether it was not in the set.
  bool add(int32_t pid, bool& is_new) {
    const size_t word = static_cast<size_t>(pid) / 64;
    const size_t before = words_.size();
    if (word >= before) {
      if (!words_.resize(word + 1)) return false;
      for (size_t i = before; i <= word; i++) words_.data()[i] = 0;
    }
    const uint64_t bit = uint64_t{1} << (pid % 64);
    is_new = (words_.data()[word] & bit) == 0;
    words_.data()[word] |= bit;
    return true;
  }

 private:
  Array<uint64_t> words_;
};

class Descent {
 public:
  Descent(size_t max, Array<int32_t>& found) : max_(max), found_(found) {}

  bool is_full() const { return is_full_; }

  Failure add(int32_t pid) {
    if (pid > kMaxPid) return {};
    bool is_new = false;
    if (!reached_.add(pid, is_new)) return failure_of(ENOMEM, "malloc");
    if (!is_new) return {};
    if (found_.size() == max_) is_full_ = true;
    else if (!found_.push(pid)) return failure_of(ENOMEM, "malloc");
    return {};
  }

  // "12 345 "
  Failure add_all(std::string_view text) {
    int64_t pid = 0;
    for (const char c : text) {
      if (c >= '0' && c <= '9') {
        pid = pid * 10 + (c - '0');
        if (pid > INT32_MAX) return failure_of(EINVAL, "read");
        continue;
      }
      // 0 is a child in a PID namespace that this root does not show.
      const Failure failure = pid > 0 ? add(static_cast<int32_t>(pid)) : Failure{};
      if (!failure.ok()) return failure;
      pid = 0;
    }
    return {};
  }

 private:
  const size_t max_;
  Array<int32_t>& found_;
  PidSet reached_;
  bool is_full_ = false;
};

bool is_gone(const Failure& failure) { return failure.number == ENOENT || failure.number == ESRCH; }

// Each thread has the children that it has started.
Failure add_children(ProcRoot& root, int32_t pid, Descent& descent) {
  char path[64];
  snprintf(path, sizeof path, "%d/task", static_cast<int>(pid));
  NumberedEntries threads(root.fd(), path, 0, SIZE_MAX);
  int32_t tid;
  while (!descent.is_full() && threads.next(tid)) {
    snprintf(path, sizeof path, "%d/task/%d/children", static_cast<int>(pid), static_cast<int>(tid));
    std::string_view text;
    const Failure failure = root.read_records(path, text);
    const Failure added = failure.ok() ? descent.add_all(text) : failure;
    // A thread or a process that has ended meanwhile has left its children to others.
    if (!added.ok() && !is_gone(added)) return added;
  }
  return threads.failure().ok() || is_gone(threads.failure()) ? Failure{} : threads.failure();
}

}  // namespace

Failure list_descendants(ProcRoot& root, const int32_t* pids, size_t count, size_t max, Array<int32_t>& found, bool& is_all) {
  std::string_view text;
  const Failure absent = root.read_records("thread-self/children", text);
  if (!absent.ok()) return absent;
  Descent descent(max, found);
  for (size_t i = 0; i < count; i++) {
    const Failure failure = pids[i] > 0 ? descent.add(pids[i]) : Failure{};
    if (!failure.ok()) return failure;
  }
  for (size_t i = 0; i < found.size() && !descent.is_full(); i++) {
    const Failure failure = add_children(root, found.data()[i], descent);
    if (!failure.ok()) return failure;
  }
  is_all = !descent.is_full();
  return {};
}

}  // namespace psutil
