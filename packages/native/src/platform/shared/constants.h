// What this system calls its resources and signals. Numbers differ between systems, and the JavaScript
// side must not guess them.
#pragma once

#include "core/array.h"
#include "platform/backend.h"

namespace psutil {

// Both empty the array, fill it and answer with it. Of several names of one number the usual one comes first.
const Array<Named>& resource_names(Array<Named>& names);
const Array<Named>& signal_names(Array<Named>& names);

}  // namespace psutil
