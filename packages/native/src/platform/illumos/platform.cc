// illumos and Solaris: the binary files of procfs, and system calls for the caller's own process.
#include "platform/platform.h"

#include <cmath>
#include <ctime>

#include "platform/illumos/listing.h"
#include "platform/illumos/row.h"
#include "platform/posix/failure.h"

namespace psutil {

struct Platform::State {
  explicit State(const char* path) : root(path) {}
  Root root;
  Array<char> scratch;
};

Capabilities capabilities() {
  constexpr FieldSet kTold = kPsinfoFields | kCredFields | kSignalFields | bit(Field::rlimits);
  constexpr FieldSet kInBulk = 0;
  constexpr uint32_t kSignalSets = (1u << SignalSets::kSets) - 1;
  return {"illumos", "procfs", kTold, kInBulk, kSignalSets, true, Reach::kOwn, Reach::kOwn, kSourceNames};
}

Platform::Platform(const char* proc_root) : state_(std::make_unique<State>(proc_root)) {}
Platform::~Platform() = default;

bool Platform::read(const ReadRequest& request, TableBuilder& table, SourceCounts& counts) {
  constexpr size_t kMostKept = 64 * 1024;
  const Failure closed = state_->root.open();
  RowReader reader(state_->root, state_->scratch, counts);
  const FieldSet fields = closed.ok() ? RowReader::brought(request) : request.fields;
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
  state_->scratch.shrink(kMostKept);
  return !table.out_of_memory();
}

Failure Platform::list(int64_t& cursor, size_t most, const int32_t* urgent_pending, Array<int32_t>& pids) {
  const Failure closed = state_->root.open();
  return closed.ok() ? list_pids(state_->root, cursor, most, urgent_pending, pids) : closed;
}

Failure Platform::act(const Action& action, ActionResult& before) {
  const Failure closed = state_->root.open();
  if (!closed.ok()) return closed;
  if (!state_->root.own()) return unsupported("setrlimit");
  SourceCounts counts;
  RowReader reader(state_->root, state_->scratch, counts);
  return set_limit(action, before, [&reader](const ProcessRef& target, int32_t resource, const Limit& limit, Limit& old) {
    return set_rlimit(reader, target, resource, limit, old);
  });
}

// The kernel keeps a start as the time of day that it was.
Clock Platform::clock() { return {0, 1e6}; }

double Platform::now() {
  timespec time;
  if (clock_gettime(CLOCK_REALTIME, &time) != 0) return std::nan("");
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec / 1000);
}

}  // namespace psutil
