// The names and numbers of this system's resources and signals. The numbers differ between systems, so JavaScript must not
// guess them.
#pragma once

#include "core/array.h"
#include "platform/backend.h"

namespace psutil {

// Both replace the contents of the array and return it. If a number has several names, the usual one comes first.
const Array<Named>& resource_names(Array<Named>& names);
const Array<Named>& signal_names(Array<Named>& names);

}  // namespace psutil
