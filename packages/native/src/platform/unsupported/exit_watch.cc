// For a system on which no wait is implemented.
#include "platform/exit_watch.h"
#include "platform/shared/errno.h"

namespace psutil {

struct ExitWatch::State {};

ExitWatch::ExitWatch(const char*) {}
ExitWatch::~ExitWatch() = default;

Failure ExitWatch::hold(int32_t, int&) { return unsupported("waitForExit"); }
void ExitWatch::release(int) {}
Failure ExitWatch::begin(const ProcessRef&, int, uint32_t&) { return unsupported("waitForExit"); }
void ExitWatch::cancel(uint32_t) {}
Failure ExitWatch::take(Array<Exit>&, bool& again) {
  again = false;
  return {};
}
int ExitWatch::descriptor() const { return -1; }

}  // namespace psutil
