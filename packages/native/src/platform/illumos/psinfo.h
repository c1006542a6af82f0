// psinfo, which every user may read, of zombies too: struct psinfo in <procfs.h>, filled by prgetpsinfo() in
// usr/src/uts/common/fs/proc/prsubr.c.
#pragma once

#include <procfs.h>

#include "platform/illumos/proc_root.h"
#include "platform/shared/row_builder.h"

namespace psutil {

Failure read_psinfo(const ProcessFiles& files, psinfo_t& info);

// When it began, in microseconds since the epoch, as the clock was then: setting the clock does not move it.
// A zombie has lost it.
double start_of(const psinfo_t& info);

bool is_zombie(const psinfo_t& info);

// Puts the fields that it has. A zombie lacks some of them.
void put_psinfo(const psinfo_t& info, RowBuilder& row);

}  // namespace psutil
