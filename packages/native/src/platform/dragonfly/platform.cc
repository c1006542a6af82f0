// DragonFly: sysctl(3), and procfs for the limits of other processes.
#include "platform/platform.h"

#include <cmath>
#include <cstring>

#include "platform/dragonfly/row.h"
#include "platform/posix/rlimit.h"
#include "platform/posix/wall_clock.h"

namespace psutil {

struct Platform::State {
  explicit State(const char* proc_root) : own(std::strcmp(proc_root, "/proc") == 0) {}

  // Another proc root means other processes than those the kernel tells of here.
  const bool own;
  Everyone everyone;
};

Capabilities capabilities() {
  return {"dragonfly",  "sysctl",    kKinfoFields | bit(Field::rlimits), kKinfoFields, kKinfoSignalSets, true,
          Reach::kAny, Reach::kOwn, kSourceNames};
}

Platform::Platform(const char* proc_root) : state_(std::make_unique<State>(proc_root)) {}
Platform::~Platform() = default;

bool Platform::read(const ReadRequest& request, TableBuilder& table, SourceCounts& counts) {
  if (!state_->own) return refuse_each(request, unsupported("sysctl"), table);
  DragonFly system(counts);
  return answer(request, kKinfoFields, system, state_->everyone, table);
}

Failure Platform::list(int64_t& cursor, size_t, const int32_t*, Array<int32_t>& pids) {
  if (!state_->own) return unsupported("sysctl");
  const Failure failure = state_->everyone.read();
  return failure.ok() ? list_all(state_->everyone, cursor, pids) : failure;
}

Failure Platform::act(const Action& action, ActionResult& before) {
  if (!state_->own) return unsupported("sysctl");
  SourceCounts counts;
  DragonFly system(counts);
  RowReader reader(system);
  return set_limit(action, before, [&reader](const ProcessRef& target, int32_t resource, const Limit& limit, Limit& old) {
    return set_rlimit_of_self(reader, target, resource, limit, old);
  });
}

Clock Platform::clock() { return wall_clock(); }
double Platform::now() { return std::nan(""); }

}  // namespace psutil
