// The source `status`, of a process and of one of its threads.
#pragma once

#include "platform/linux/open_process.h"

namespace psutil {

// Puts the wanted fields that the file has.
Failure put_status_fields(OpenProcess& row, const StatusText& status, FieldSet wanted);

}  // namespace psutil
