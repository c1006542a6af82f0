// The contract of a backend, by sysctl(3). It needs no mounted procfs.
#include "platform/backend.h"

#include <cstring>

#include "platform/kinfo/process_table.h"
#include "platform/kinfo/process_reader.h"
#include "platform/shared/kill.h"
#include "platform/shared/row_loop.h"

namespace psutil {

struct Backend::State {
  explicit State(const char* proc_root) : own(std::strcmp(proc_root, "/proc") == 0) {}

  // Another proc root has other processes than those that the kernel returns.
  const bool own;
  ProcessTable processes;
  Array<char> bytes;
};

Capabilities capabilities() {
  return {kSystem.name,
          "sysctl",
          kProcessStruct.fields | kPerProcessCalls.fields,
          kProcessStruct.fields | kSystem.table_fields,
          kProcessStruct.signal_sets,
          true,
          kSystem.get_rlimit,
          kSystem.set_rlimit,
          kPerProcessCalls.sources,
          nullptr,
          nullptr,
          false,
          bit(ActionKind::kKill),
          true};
}

Backend::Backend(const char* proc_root, double) : state_(std::make_unique<State>(proc_root)) {}
Backend::~Backend() = default;

namespace {

constexpr int kTries = 3;

// Up to so many PIDs are looked up alone, even if each lookup is a walk over every process: a walk that returns one process
// is far cheaper than one that returns all.
constexpr size_t kMaxLookups = 16;

// Takes the processes that a read of all has returned, and reads the others alone.
struct WalkReader {
  const ProcessTable& processes;
  ProcessReader& alone;

  bool read(const ProcessRef& target, FieldSet fields, TableBuilder& table) {
    // A process that is missing there may have ended while the kernel walked, or begun since.
    const Kinfo* known = processes.find(target.pid);
    return known != nullptr ? alone.put(target, *known, fields, table) : alone.read(target, fields, table);
  }
};

bool read_each(const ReadRequest& request, FieldSet fields, ProcessTable& processes, ProcessReader& reader, SourceCounts& counts,
               TableBuilder& table) {
  if (kProcessStruct.pid_lookup_is_linear && request.count > kMaxLookups && !request.should_stop(kMaxLookups)) {
    // If that fails, each PID fails with its own reason.
    if (!processes.read(fields, counts).ok()) processes.shrink();
  }
  WalkReader walk = {processes, reader};
  const bool answered = read_pids(request, fields, walk, table);
  processes.shrink();
  return answered;
}

}  // namespace

bool Backend::read(const ReadRequest& request, TableBuilder& table, SourceCounts& counts) {
  if (!state_->own) return fail_all(request, unsupported("sysctl"), table);
  ProcessTable& processes = state_->processes;
  // A oneshot takes all fields of the struct.
  const FieldSet fields = request.whole_sources ? request.fields | kProcessStruct.fields : request.fields;
  for (int tries = 1;; tries++) {
    int64_t before;
    Failure failure = read_boot_time(before);
    if (!failure.ok()) return fail_all(request, failure, table);
    ProcessReader reader({state_->bytes, counts}, before);
    if (request.kind == ReadKind::kPids) {
      if (!read_each(request, fields, processes, reader, counts, table)) return false;
    } else {
      failure = processes.read(fields, counts);
      if (!failure.ok()) return fail_all(request, failure, table);
      if (!read_table(request, processes, reader, table)) return false;
      processes.shrink();
    }
    int64_t after;
    failure = read_boot_time(after);
    // If the clock was set meanwhile, some starts are off by as much.
    if (failure.ok() && (after == before || tries == kTries)) return true;
    if (!failure.ok()) return fail_all(request, failure, table);
  }
}

Failure Backend::list(int64_t& cursor, size_t, const int32_t*, Array<int32_t>& pids) {
  if (!state_->own) return unsupported("sysctl");
  SourceCounts counts;
  const Failure failure = state_->processes.read(0, counts);
  return failure.ok() ? list_all(state_->processes, cursor, pids) : failure;
}

Failure Backend::list_descendants(const int32_t*, size_t, size_t, Array<int32_t>&, bool&) { return unsupported("sysctl"); }

Failure Backend::act(const Action& action, ActionResult& before) {
  if (!state_->own) return unsupported("sysctl");
  int64_t boot;
  const Failure failure = read_boot_time(boot);
  if (!failure.ok()) return failure;
  SourceCounts counts;
  ProcessReader reader({state_->bytes, counts}, boot);
  if (action.kind == ActionKind::kKill) return send_signal(action, [&reader](const ProcessRef& target) { return reader.find(target); });
  return set_limit(action, before, [&reader](const ProcessRef& target, int32_t resource, const Limit& limit, Limit& old) {
    return reader.set_rlimit(target, resource, limit, old);
  });
}

void Backend::end_sampler(uint32_t) {}

std::string_view Backend::boot_id() { return {}; }

bool Backend::rest() { return false; }

Clock Backend::clock() {
  int64_t boot;
  if (!read_boot_time(boot).ok()) return {};
  return {static_cast<double>(boot) / 1000, 1e6};
}

}  // namespace psutil
