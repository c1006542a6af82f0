// The supplementary groups of the caller's own process, which every system returns:
// https://pubs.opengroup.org/onlinepubs/9799919799/functions/getgroups.html.
#pragma once

#include "core/array.h"
#include "core/failure.h"

namespace psutil {

Failure get_own_groups(Array<char>& groups);

}  // namespace psutil
