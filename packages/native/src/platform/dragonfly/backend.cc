// DragonFly: sysctl(3), and procfs for the limits of other processes.
#include "platform/backend.h"

#include <cmath>
#include <cstring>

#include "platform/dragonfly/process_reader.h"
#include "platform/shared/kill.h"
#include "platform/shared/rlimit.h"
#include "platform/shared/wall_clock.h"

namespace psutil {

struct Backend::State {
  explicit State(const char* proc_root) : own(std::strcmp(proc_root, "/proc") == 0) {}

  // Another proc root means other processes than those that the kernel returns here.
  const bool own;
  ProcessTable processes;
};

Capabilities capabilities() {
  return {"dragonfly",  "sysctl",    kKinfoFields | bit(Field::rlimits), kKinfoFields, kKinfoSignalSets, true,
          Reach::kAny, Reach::kOwn, kSourceNames, nullptr, nullptr, false, bit(ActionKind::kKill)};
}

Backend::Backend(const char* proc_root, double) : state_(std::make_unique<State>(proc_root)) {}
Backend::~Backend() = default;

bool Backend::read(const ReadRequest& request, TableBuilder& table, SourceCounts& counts) {
  if (!state_->own) return fail_all(request, unsupported("sysctl"), table);
  DragonFly system(counts);
  return answer(request, kKinfoFields, system, state_->processes, table);
}

Failure Backend::list(int64_t& cursor, size_t, const int32_t*, Array<int32_t>& pids) {
  if (!state_->own) return unsupported("sysctl");
  const Failure failure = state_->processes.read();
  return failure.ok() ? list_all(state_->processes, cursor, pids) : failure;
}

Failure Backend::act(const Action& action, ActionResult& before) {
  if (!state_->own) return unsupported("sysctl");
  SourceCounts counts;
  DragonFly system(counts);
  ProcessReader reader(system);
  if (action.kind == ActionKind::kKill) {
    return send_signal(action, [&reader](const ProcessRef& target) {
      ProcessReader::Info info;
      return reader.find(target, info);
    });
  }
  return set_limit(action, before, [&reader](const ProcessRef& target, int32_t resource, const Limit& limit, Limit& old) {
    return set_rlimit_of_self(reader, target, resource, limit, old);
  });
}

std::string_view Backend::boot_id() { return {}; }

bool Backend::rest() { return false; }

Clock Backend::clock() { return wall_clock(); }
double Backend::now() { return std::nan(""); }

}  // namespace psutil
