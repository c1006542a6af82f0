#include "platform/kinfo/system.h"

namespace psutil {

const System kSystem = {"darwin", Reach::kOwn, Reach::kOwn, bit(Field::sid)};

}  // namespace psutil
