#include "platform/kinfo/system.h"

namespace psutil {

const System kSystem = {"netbsd", Reach::kAny, Reach::kAny};

}  // namespace psutil
