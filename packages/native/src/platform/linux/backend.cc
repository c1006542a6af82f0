// Linux: procfs, and the system calls that return the same without a file.
#include "platform/backend.h"

#include "platform/linux/actions/actions.h"
#include "platform/linux/bpf/privileges.h"
#include "platform/linux/bpf/requirements.h"
#include "platform/linux/bpf/task_iterator.h"
#include "platform/linux/events/events.h"
#include "platform/linux/starvation_monitor.h"
#include "platform/linux/descendants.h"
#include "platform/linux/long_slice.h"
#include "platform/linux/pid_directory.h"
#include "platform/linux/open_process.h"
#include "platform/linux/prlimit.h"
#include "platform/linux/proc_root.h"
#include "platform/linux/process_reader.h"
#include "platform/linux/samplers.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

constexpr auto kSourceNames = source_names();

Failure refusal_of_walk(bool of_privileges) { return of_privileges ? missing_capabilities() : missing_for_bpf(); }

}  // namespace

struct Backend::State {
  State(const char* path, double stall_timeout) : root(path), scratch(stall_timeout) {}
  ProcRoot root;
  Scratch scratch;
  TaskIterator walk;
  StarvationMonitor starvation;
  Samplers samplers;
  LongSlice slice;

  bool read(const ReadRequest& request, TableBuilder& table, SourceCounts& counts);
};

Capabilities capabilities() {
  constexpr FieldSet kInBulk = 0;
  constexpr uint32_t kSignalSets = (1u << SignalSets::kSets) - 1;
  constexpr uint32_t kActionsHere = bit(ActionKind::kNice) | bit(ActionKind::kIoPriority) | bit(ActionKind::kAffinity) |
                                    bit(ActionKind::kScheduler) | bit(ActionKind::kOomScoreAdj) | bit(ActionKind::kKill);
  return {"linux",     "procfs",     provided_by(kProcessSources), kInBulk, kSignalSets, true, Reach::kAny, Reach::kAny,
          kSourceNames.data(), row_of(Source::kBpf).name, refusal_of_walk, true, kActionsHere, true, kEventSources, open_events};
}

Backend::Backend(const char* proc_root, double stall_timeout)
    : state_(std::make_unique<State>(proc_root, stall_timeout)) {}
Backend::~Backend() = default;

bool Backend::read(const ReadRequest& request, TableBuilder& table, SourceCounts& counts) {
  // From the first part of a reading to the last, or to a read that belongs to none.
  if (request.sampled) state_->slice.take();
  const bool has_memory = state_->read(request, table, counts);
  const bool continues = request.sampled && has_memory && table.refused().ok() && table.next() >= 0;
  if (!continues) state_->slice.give_back();
  return has_memory;
}

bool Backend::State::read(const ReadRequest& request, TableBuilder& table, SourceCounts& counts) {
  Failure closed = root.open();
  walk.look_at_privileges();
  ProcessReader reader(root, scratch, counts);
  if (request.kind == ReadKind::kTable) {
    table.refuse(unsupported("none"));
    return true;
  }
  if (request.kind == ReadKind::kCursor) {
    if (closed.ok() && request.listed) {
      if (request.sampler != 0 && root.own()) reader.hold(samplers.of(request.sampler));
      return read_listed(root, request, reader, starvation, table);
    }
    if (closed.ok() && !root.own()) closed = lacking_for_bpf("BPF reads only this PID namespace's own /proc");
    if (closed.ok() && (request.fields & bit(Field::startTime)) != 0 && !root.knows_boot()) {
      closed = lacking_for_bpf("/proc/stat, which has the time of boot, cannot be read");
    }
    if (closed.ok()) {
      reader.prepare(request);
      return walk.read(root, request, reader, scratch, starvation, table, counts);
    }
    table.refuse(closed);
    return true;
  }
  const FieldSet fields = closed.ok() ? reader.prepare(request) : request.fields;
  if (!table.begin(fields, request.count)) return false;
  if (request.urgent_pending != nullptr) starvation.watch();
  for (size_t i = 0; i < request.count && !table.is_full() && !request.should_stop(i); i++) {
    if (request.checks_delay(i) && starvation.is_starved()) break;
    if (reader.ahead().is_low()) reader.ahead().expect(request.pids + i, request.count - i);
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
  if (request.urgent_pending != nullptr) starvation.leave();
  return !table.out_of_memory();
}

Failure Backend::list(int64_t& cursor, size_t max, const int32_t* urgent_pending, Array<int32_t>& pids) {
  const Failure closed = state_->root.open();
  state_->walk.look_at_privileges();
  return closed.ok() ? list_pids(state_->root, cursor, max, urgent_pending, pids) : closed;
}

Failure Backend::list_descendants(const int32_t* pids, size_t count, size_t max, Array<int32_t>& found, bool& is_all) {
  const Failure closed = state_->root.open();
  return closed.ok() ? psutil::list_descendants(state_->root, pids, count, max, found, is_all) : closed;
}

Failure Backend::act(const Action& action, ActionResult& before) {
  const Failure closed = state_->root.open();
  if (!closed.ok()) return closed;
  ProcRoot& root = state_->root;
  switch (action.kind) {
    case ActionKind::kRlimit:
      return set_limit(action, before, [&root](const ProcessRef& target, int32_t resource, const Limit& limit, Limit& old) {
        return set_rlimit(root, target, resource, limit, old);
      });
    case ActionKind::kNice:
      return set_nice(root, action, before);
    case ActionKind::kIoPriority:
      return set_io_priority(root, action, before);
    case ActionKind::kAffinity:
      return set_affinity(root, action, before);
    case ActionKind::kScheduler:
      return set_scheduler(root, action, before);
    case ActionKind::kOomScoreAdj:
      return set_oom_score_adj(root, action, before);
    case ActionKind::kKill:
      return send_signal(root, action);
  }
  return unsupported("none");
}

void Backend::end_sampler(uint32_t sampler) { state_->samplers.end(sampler); }

std::string_view Backend::boot_id() {
  ProcRoot& root = state_->root;
  std::string_view text;
  if (!root.open().ok() || !root.read(root.fd(), "sys/kernel/random/boot_id", text).ok()) return {};
  return text.substr(0, text.find('\n'));
}

bool Backend::rest() { return state_->scratch.blocking.rest(); }

Clock Backend::clock() {
  const Failure closed = state_->root.open();
  return closed.ok() ? state_->root.clock() : Clock{};
}

double Backend::now() { return ticks_now(); }

}  // namespace psutil
