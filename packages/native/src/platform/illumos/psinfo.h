// psinfo, which every user may read, even that of a zombie: struct psinfo in <procfs.h>, which prgetpsinfo() fills in
// (usr/src/uts/common/fs/proc/prsubr.c).
#pragma once

#include <procfs.h>

#include "platform/illumos/proc_root.h"
#include "platform/shared/row_builder.h"

namespace psutil {

Failure read_psinfo(const ProcessFiles& files, psinfo_t& info);
// Of the process whose psinfo is open: "gone" once its parent has waited for it.
Failure read_psinfo(int file, psinfo_t& info);

// When the process began, in microseconds since the epoch. Setting the clock does not move it. A zombie has lost it.
double start_of(const psinfo_t& info);

bool is_zombie(const psinfo_t& info);

// Puts the fields of the struct. A zombie lacks some of them.
void put_psinfo(const psinfo_t& info, RowBuilder& row);

}  // namespace psutil
