#include "platform/posix/wall_clock.h"

#include "platform/posix/clock.h"

namespace psutil {

Clock wall_clock() { return {0, 1e6}; }

double wall_time() { return read_clock(CLOCK_REALTIME); }

}  // namespace psutil
