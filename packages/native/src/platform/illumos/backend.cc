// illumos and Solaris: the binary files of procfs, and system calls for the caller's own process.
#include "platform/backend.h"

#include <cmath>
#include <ctime>

#include "platform/illumos/pid_directory.h"
#include "platform/illumos/process_reader.h"
#include "platform/shared/errno.h"
#include "platform/shared/kill.h"

namespace psutil {

struct Backend::State {
  explicit State(const char* path) : root(path) {}
  ProcRoot root;
  Array<char> scratch;
};

Capabilities capabilities() {
  constexpr FieldSet kProvided = kPsinfoFields | kCredFields | kSignalFields | bit(Field::rlimits);
  constexpr FieldSet kInBulk = 0;
  constexpr uint32_t kSignalSets = (1u << SignalSets::kSets) - 1;
  return {"illumos",     "procfs",     kProvided,    kInBulk, kSignalSets, true,
          Reach::kOwn,   Reach::kOwn,  kSourceNames, nullptr, nullptr,     false,
          bit(ActionKind::kKill), true};
}

Backend::Backend(const char* proc_root, double) : state_(std::make_unique<State>(proc_root)) {}
Backend::~Backend() = default;

bool Backend::read(const ReadRequest& request, TableBuilder& table, SourceCounts& counts) {
  constexpr size_t kMaxKept = 64 * 1024;
  const Failure closed = state_->root.open();
  ProcessReader reader(state_->root, state_->scratch, counts);
  const FieldSet fields = closed.ok() ? ProcessReader::provided(request) : request.fields;
  if (!table.begin(fields, request.count)) return false;
  for (size_t i = 0; i < request.count && !table.is_full() && !request.should_stop(i); i++) {
    ProcessRef target = {request.pids[i]};
    if (request.starts != nullptr) target.start = request.starts[i];
    table.open_row(target.pid);
    if (!closed.ok()) {
      table.fail_row(closed);
    } else if (!reader.read(target, request.sets == nullptr ? fields : request.fields_of(i), table) && request.drop_gone) {
      table.drop_row();
      continue;
    }
    table.keep_row();
  }
  state_->scratch.shrink(kMaxKept);
  return !table.out_of_memory();
}

Failure Backend::list(int64_t& cursor, size_t max, const int32_t* urgent_pending, Array<int32_t>& pids) {
  const Failure closed = state_->root.open();
  return closed.ok() ? list_pids(state_->root, cursor, max, urgent_pending, pids) : closed;
}

Failure Backend::list_descendants(const int32_t*, size_t, size_t, Array<int32_t>&, bool&) { return unsupported("none"); }

Failure Backend::act(const Action& action, ActionResult& before) {
  const Failure closed = state_->root.open();
  if (!closed.ok()) return closed;
  if (!state_->root.own()) return unsupported(action.kind == ActionKind::kKill ? "kill" : "setrlimit");
  SourceCounts counts;
  ProcessReader reader(state_->root, state_->scratch, counts);
  if (action.kind == ActionKind::kKill) {
    return send_signal(action, [&reader](const ProcessRef& target) {
      psinfo_t info;
      return reader.find(target, info);
    });
  }
  return set_limit(action, before, [&reader](const ProcessRef& target, int32_t resource, const Limit& limit, Limit& old) {
    return set_rlimit(reader, target, resource, limit, old);
  });
}

void Backend::end_sampler(uint32_t) {}

std::string_view Backend::boot_id() { return {}; }

bool Backend::rest() { return false; }

// The kernel stores the time of day at which a process began.
Clock Backend::clock() { return {0, 1e6}; }

double Backend::now() {
  timespec time;
  if (clock_gettime(CLOCK_REALTIME, &time) != 0) return std::nan("");
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec / 1000);
}

}  // namespace psutil
