// Event ports, with which a process waits for the ends of others.
#pragma once

#include "kernel/table.h"

namespace simulation {

// Closes an event port. Returns false for any other descriptor.
bool close_port(Held& held, int descriptor);

// A file that is closed has no place in a port.
void dissociate(int descriptor);

// The process whose file this is, while it exists.
Process* process_of_descriptor(Held& held, int descriptor);

}  // namespace simulation
