// The reads of this program that have not ended: of which processes, since when, and by which reader process.
//
// One table for all threads. A process in it is not read a second time, so that each has one reader at most, and is
// reported as timed out for some seconds after its time has passed, so that the next scan does not wait for it again.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "platform/linux/reader_process.h"

namespace psutil {

// A process in a proc root.
struct ReadKey {
  dev_t root;
  int32_t pid;
  uint64_t start;  // ticks
};

class StalledReads {
 public:
  enum class Verdict {
    kTry,       // it is not in the table, or its read has ended meanwhile
    kStalled,   // its reader still reads
    kTimedOut,
  };

  // Whether the table is empty: most times no more has to be looked at.
  static bool is_empty();

  // Whether a process of this number is in it. `patience` is how long to wait for one that is not.
  static bool has(int32_t pid, double& patience);

  // Frees readers whose reads have ended, kills those whose time has passed, forgets what is old.
  static void sweep(double now);

  // For kTry, `patience` is how long to wait for it, as has() left it or longer.
  static Verdict look(const ReadKey& key, double& patience);

  // Takes over a reader that has not ended its read of this process. If there are too many, it is killed, and the process is
  // reported as timed out at once.
  static Verdict enter(const ReadKey& key, ReaderProcess* reader, const void* owner, double now, double timeout);

  // A read of this process has ended well.
  static void leave(const ReadKey& key);

  // Ends what an owner has entered.
  static void forget(const void* owner);

  // How many readers have not ended their reads.
  static size_t stuck();

  static constexpr size_t kMaxStuck = 64;
  static constexpr double kPatience = 30;  // milliseconds
};

}  // namespace psutil
