// The processors on which a thread may run: https://man7.org/linux/man-pages/man2/sched_setaffinity.2.html.
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "platform/linux/actions/actions.h"
#include "platform/linux/actions/thread_attribute.h"

namespace psutil {
namespace {

// A mask is words of the machine's own size, in which the kernel counts bits. The words of an action have 64 bits.
constexpr size_t kWordBits = 8 * sizeof(unsigned long);
constexpr size_t kParts = 64 / kWordBits;

struct Affinity {
  // Longer than the kernel's own mask: it refuses a shorter one.
  struct Value {
    unsigned long words[kMaxMaskWords * kParts];
    bool operator==(const Value& other) const { return std::equal(words, words + kMaxMaskWords * kParts, other.words); }
  };

  static Failure get(int32_t tid, Value& mask) {
    // The kernel writes as many bytes as its own mask has.
    mask = {};
    const long length = syscall(SYS_sched_getaffinity, tid, sizeof mask.words, mask.words);
    return length < 0 ? failure_of(errno, "sched_getaffinity") : Failure{};
  }

  Failure set(int32_t tid, const Value&) const {
    if (syscall(SYS_sched_setaffinity, tid, sizeof mask.words, mask.words) == 0) return {};
    Failure failure = failure_of(errno, "sched_setaffinity");
    if (failure.number == EINVAL) {
      failure.about = "none of these processors is there and in its cpuset, or the kernel binds it to its processor";
    }
    return failure;
  }

  Value mask = {};
};

}  // namespace

Failure set_affinity(ProcRoot& root, const Action& action, ActionResult& before) {
  Affinity affinity;
  for (size_t i = 0; i < (action.count - 1) * kParts; i++) {
    affinity.mask.words[i] = static_cast<unsigned long>(action.arguments[1 + i / kParts] >> i % kParts * kWordBits);
  }
  Affinity::Value old = {};
  const Failure failure =
      set_attribute(root, action.target, action.arguments[0] != 0, "sched_setaffinity", affinity, old);
  if (!failure.ok()) return failure;
  size_t last = kMaxMaskWords * kParts - 1;
  while (last > 0 && old.words[last] == 0) last--;
  for (size_t i = 0; i <= last / kParts; i++) {
    uint64_t word = 0;
    for (size_t part = 0; part < kParts; part++) word |= uint64_t{old.words[i * kParts + part]} << part * kWordBits;
    before.values.push(word);
  }
  return {};
}

}  // namespace psutil
