#include "platform/shared/wall_clock.h"

namespace psutil {

Clock wall_clock() { return {0, 1e6}; }

}  // namespace psutil
