#include <sys/event.h>

#include "platform/kinfo/system.h"

namespace psutil {

const System kSystem = {"darwin", Reach::kOwn, Reach::kOwn, bit(Field::sid), NOTE_EXITSTATUS};

}  // namespace psutil
