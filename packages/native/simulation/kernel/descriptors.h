// Descriptors of this machine, so that an event loop polls what a simulated kernel reports.
#pragma once

namespace simulation {

// One that can be readable or not, and is not at first.
int open_descriptor();
void set_readable(int descriptor, bool is_readable);
void close_descriptor(int descriptor);

}  // namespace simulation
