// Signal sets of a process of the table, in the system's own type. Compiled with its headers.
#pragma once

#include <string.h>

#include "kernel/table.h"

namespace simulation {

template <typename Set>
void set_signals(Set& set, const Process& process, size_t which) {
  memcpy(&set, process.signals[which], sizeof set);
}

}  // namespace simulation
