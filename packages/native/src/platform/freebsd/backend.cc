#include "platform/kinfo/system.h"
#include "platform/shared/clock.h"

namespace psutil {

const System kSystem = {"freebsd", Reach::kAny, Reach::kAny};

double Backend::now() { return read_clock(CLOCK_UPTIME); }

}  // namespace psutil
