#include "platform/backend.h"

#include <cmath>

#include "platform/bsd/system.h"

namespace psutil {
namespace {

constexpr const char* kSourceNames[] = {"kern.proc2.pid", "kern.proc2.all", "proc.rlimit", nullptr};

}  // namespace

Capabilities capabilities() {
  return {"netbsd", "sysctl",     kKinfoFields | bit(Field::rlimits), kKinfoFields, kKinfoSignalSets,
          true,     Reach::kAny, Reach::kAny,                        kSourceNames,
          nullptr, nullptr, false, bit(ActionKind::kKill)};
}

// A start is a time of day, which may be set back: none of now would be surely later than those that have been.
double Backend::now() { return std::nan(""); }

}  // namespace psutil
