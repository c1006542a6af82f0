#include "platform/backend.h"

#include "platform/bsd/system.h"
#include "platform/shared/clock.h"

namespace psutil {
namespace {

constexpr const char* kSourceNames[] = {"kern.proc.pid", "kern.proc.kthread", "getrlimit", nullptr};

}  // namespace

Capabilities capabilities() {
  return {"openbsd", "sysctl",     kKinfoFields | bit(Field::rlimits), kKinfoFields, kKinfoSignalSets,
          true,      Reach::kOwn, Reach::kOwn,                        kSourceNames,
          nullptr, nullptr, false, bit(ActionKind::kKill)};
}

// Since boot, sleep of the machine included, as starts are.
double Backend::now() { return read_clock(CLOCK_BOOTTIME); }

}  // namespace psutil
