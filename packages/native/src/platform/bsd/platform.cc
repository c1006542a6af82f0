// The contract, by sysctl(3) alone and no mounted procfs.
#include "platform/platform.h"

#include <cstring>

#include "platform/bsd/everyone.h"
#include "platform/bsd/row.h"
#include "platform/posix/answer.h"

namespace psutil {

struct Platform::State {
  explicit State(const char* proc_root) : own(std::strcmp(proc_root, "/proc") == 0) {}

  // Another proc root means other processes than those the kernel tells of here.
  const bool own;
  Everyone everyone;
  Array<char> bytes;
};

Platform::Platform(const char* proc_root) : state_(std::make_unique<State>(proc_root)) {}
Platform::~Platform() = default;

namespace {

constexpr int kTries = 3;

// So many PIDs are looked up alone also where each costs a walk over every process: a walk that fills in nothing
// is far cheaper than one that tells of each.
constexpr size_t kMostWalks = 16;

// Takes from a walk whom that has met, and reads the others alone.
struct WalkReader {
  const Everyone& everyone;
  RowReader& alone;

  bool read(const ProcessRef& target, FieldSet fields, TableBuilder& table) {
    // One that is missing there may have ended while the kernel walked, or begun since.
    const Kinfo* known = everyone.find(target.pid);
    return known != nullptr ? alone.put(target, *known, fields, table) : alone.read(target, fields, table);
  }
};

bool read_each(const ReadRequest& request, FieldSet fields, Everyone& everyone, RowReader& reader, SourceCounts& counts,
               TableBuilder& table) {
  if (kFindingWalks && request.count > kMostWalks && !request.should_stop(kMostWalks)) {
    counts.reads[static_cast<size_t>(Source::kEveryone)]++;
    // Where that fails, each PID says why.
    if (!everyone.read(fields).ok()) everyone.shrink();
  }
  WalkReader walk = {everyone, reader};
  const bool answered = answer_each(request, fields, walk, table);
  everyone.shrink();
  return answered;
}

}  // namespace

bool Platform::read(const ReadRequest& request, TableBuilder& table, SourceCounts& counts) {
  if (!state_->own) return refuse_each(request, unsupported("sysctl"), table);
  Everyone& everyone = state_->everyone;
  // A oneshot takes all that the kinfo tells, whatever was asked.
  const FieldSet fields = request.whole_sources ? request.fields | kKinfoFields : request.fields;
  for (int tries = 1;; tries++) {
    int64_t before;
    Failure failure = read_boot_time(before);
    if (!failure.ok()) return refuse_each(request, failure, table);
    RowReader reader(state_->bytes, counts, before);
    if (request.kind == ReadKind::kPids) {
      if (!read_each(request, fields, everyone, reader, counts, table)) return false;
    } else {
      counts.reads[static_cast<size_t>(Source::kEveryone)]++;
      failure = everyone.read(fields);
      if (!failure.ok()) return refuse_each(request, failure, table);
      if (!answer_all(request, everyone, reader, table)) return false;
      everyone.shrink();
    }
    int64_t after;
    failure = read_boot_time(after);
    // Had the clock been set meanwhile, some starts would be off by as much.
    if (failure.ok() && (after == before || tries == kTries)) return true;
    if (!failure.ok()) return refuse_each(request, failure, table);
  }
}

Failure Platform::list(int64_t& cursor, size_t, const int32_t*, Array<int32_t>& pids) {
  if (!state_->own) return unsupported("sysctl");
  Everyone& everyone = state_->everyone;
  const Failure failure = everyone.read(0);
  return failure.ok() ? list_all(everyone, cursor, pids) : failure;
}

Failure Platform::act(const Action& action, ActionResult& before) {
  if (!state_->own) return unsupported("sysctl");
  int64_t boot;
  const Failure failure = read_boot_time(boot);
  if (!failure.ok()) return failure;
  SourceCounts counts;
  RowReader reader(state_->bytes, counts, boot);
  return set_limit(action, before, [&reader](const ProcessRef& target, int32_t resource, const Limit& limit, Limit& old) {
    return reader.set_rlimit(target, resource, limit, old);
  });
}

Clock Platform::clock() {
  int64_t boot;
  if (!read_boot_time(boot).ok()) return {};
  return {static_cast<double>(boot) / 1000, 1e6};
}

}  // namespace psutil
