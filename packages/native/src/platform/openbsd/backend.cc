#include "platform/kinfo/system.h"
#include "platform/shared/clock.h"

namespace psutil {

const System kSystem = {"openbsd", Reach::kOwn, Reach::kOwn};

// Since boot, sleep of the machine included, as starts are.
double Backend::now() { return read_clock(CLOCK_BOOTTIME); }

}  // namespace psutil
