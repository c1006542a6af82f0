#include "platform/kinfo/system.h"

namespace psutil {

const System kSystem = {"dragonfly", Reach::kAny, Reach::kOwn};

}  // namespace psutil
