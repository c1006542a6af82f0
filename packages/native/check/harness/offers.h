// Counts how often this program has offered its processor to others by sched_yield(2).
#pragma once

namespace check {

int offers();

}  // namespace check
