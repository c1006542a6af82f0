// Files that only the owner of a process may read, and that a zombie does not have: cred, status and sigact.
#pragma once

#include "core/array.h"
#include "platform/illumos/proc_root.h"
#include "platform/shared/row_builder.h"

namespace psutil {

// Reads uids, gids and groups. `bytes` is kept from one read to the next.
Failure read_cred(const ProcessFiles& files, Array<char>& bytes);
// Puts what read_cred() has read.
void put_cred(const Array<char>& bytes, RowBuilder& row);

// The signals that are pending for the process and for its representative lwp, and those that the lwp blocks.
Failure read_status(const ProcessFiles& files, SignalSets& sets);
// The signals that the process ignores and catches.
Failure read_sigact(const ProcessFiles& files, SignalSets& sets);

// The groups of the caller.
Failure read_own_groups(Array<char>& bytes);

}  // namespace psutil
