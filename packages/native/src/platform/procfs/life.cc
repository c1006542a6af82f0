#include "platform/procfs/life.h"

#include "core/text.h"
#include "platform/procfs/status_value.h"

namespace psutil {
namespace {

// From the kernel's include/linux/sched.h. These numbers have never changed.
constexpr uint64_t kExiting = 0x4;
constexpr uint64_t kIsKernelThread = 0x200000;
constexpr int kFlags = 9;
constexpr int kThreads = 20;

}  // namespace

Life parse_life(std::string_view stat) {
  const size_t close = stat.rfind(')');
  if (close == std::string_view::npos) return Life::kGone;
  Scanner scanner(stat.substr(close + 1));
  const std::string_view state = scanner.word();
  if (state.size() != 1) return Life::kGone;
  uint64_t flags = 0;
  uint64_t threads = 0;
  for (int place = 4; place <= kThreads; place++) {
    uint64_t* const number = place == kFlags ? &flags : place == kThreads ? &threads : nullptr;
    if (number == nullptr) scanner.word();
    else if (!scanner.number(*number)) return Life::kGone;
  }
  if (threads == 0) return Life::kGone;
  if ((flags & kIsKernelThread) != 0) return Life::kKernelThread;
  if (!is_ended(state.front()) && (flags & kExiting) == 0) return Life::kAlive;
  return threads > 1 ? Life::kHeadless : Life::kZombie;
}

}  // namespace psutil
