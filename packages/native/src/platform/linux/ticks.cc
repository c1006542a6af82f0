#include "platform/linux/ticks.h"

#include <unistd.h>

namespace psutil {

const double kMillisecondsATick = 1000.0 / static_cast<double>(sysconf(_SC_CLK_TCK));
const uint64_t kNanosecondsATick = 1000000000 / static_cast<uint64_t>(sysconf(_SC_CLK_TCK));

}  // namespace psutil
