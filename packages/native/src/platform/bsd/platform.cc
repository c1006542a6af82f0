// The contract, by sysctl(3) alone and no mounted procfs.
#include "platform/platform.h"

#include <cerrno>
#include <cstring>

#include "platform/bsd/everyone.h"
#include "platform/bsd/row.h"
#include "platform/posix/failure.h"

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

bool read_each(const ReadRequest& request, FieldMask fields, Everyone& everyone, RowReader& reader, SourceCounts& counts,
               Columns& columns) {
  if (!columns.begin(fields, request.count)) return false;
  if (kFindingWalks && request.count > kMostWalks && !request.should_stop(kMostWalks)) {
    counts.reads[static_cast<size_t>(Source::kEveryone)]++;
    // Where that fails, each PID says why.
    if (!everyone.read(fields).ok()) everyone.clear();
  }
  for (size_t i = 0; i < request.count && !request.should_stop(i); i++) {
    Target target = {request.pids[i]};
    if (request.starts != nullptr) target.start = request.starts[i];
    // A oneshot takes all that the kinfo tells, whatever was asked.
    const FieldMask wanted = request.masks == nullptr ? fields : request.masks[i];
    columns.open_row(target.pid);
    // One that is missing there may have ended while the kernel walked, or begun since.
    const Kinfo* known = everyone.find(target.pid);
    const bool found = known != nullptr ? reader.put(target, *known, wanted, columns)
                                        : reader.read(target, wanted, columns);
    if (!found && request.drop_gone) {
      columns.drop_row();
    } else {
      columns.keep_row();
    }
  }
  everyone.clear();
  return !columns.out_of_memory();
}

bool read_all(const ReadRequest& request, Everyone& everyone, RowReader& reader, Columns& columns) {
  if (!columns.begin(request.fields, everyone.count())) return false;
  for (size_t i = 0; i < everyone.count(); i++) {
    const Kinfo& info = everyone[i];
    columns.open_row(info.pid);
    if (reader.put({info.pid}, info, request.fields, columns)) {
      columns.keep_row();
    } else {
      columns.drop_row();
    }
  }
  everyone.clear();
  return !columns.out_of_memory();
}

bool refuse_each(const ReadRequest& request, const Failure& failure, Columns& columns) {
  if (!columns.begin(request.fields, request.count)) return false;
  if (request.pids == nullptr) columns.refuse(failure);
  for (size_t i = 0; i < request.count; i++) {
    columns.open_row(request.pids[i]);
    columns.fail_row(failure);
    columns.keep_row();
  }
  return !columns.out_of_memory();
}

}  // namespace

bool Platform::read(const ReadRequest& request, Columns& columns, SourceCounts& counts) {
  if (!state_->own) return refuse_each(request, unsupported("sysctl"), columns);
  Everyone& everyone = state_->everyone;
  const FieldMask fields = request.whole_sources ? request.fields | kKinfoFields : request.fields;
  for (int tries = 1;; tries++) {
    int64_t before;
    Failure failure = read_boot_time(before);
    if (!failure.ok()) return refuse_each(request, failure, columns);
    RowReader reader(state_->bytes, counts, before);
    if (request.pids != nullptr) {
      if (!read_each(request, fields, everyone, reader, counts, columns)) return false;
    } else {
      counts.reads[static_cast<size_t>(Source::kEveryone)]++;
      failure = everyone.read(fields);
      if (!failure.ok()) return refuse_each(request, failure, columns);
      if (!read_all(request, everyone, reader, columns)) return false;
    }
    int64_t after;
    failure = read_boot_time(after);
    // Had the clock been set meanwhile, some starts would be off by as much.
    if (failure.ok() && (after == before || tries == kTries)) return true;
    if (!failure.ok()) return refuse_each(request, failure, columns);
  }
}

Failure Platform::list(int64_t& cursor, size_t, const int32_t*, Array<int32_t>& pids) {
  if (!state_->own) return unsupported("sysctl");
  Everyone& everyone = state_->everyone;
  const Failure failure = everyone.read(0);
  if (!failure.ok()) return failure;
  for (size_t i = 0; i < everyone.count(); i++) {
    if (!pids.push(everyone[i].pid)) return failure_of(ENOMEM, "malloc");
  }
  everyone.clear();
  cursor = -1;
  return {};
}

Failure Platform::set_rlimit(const Target& target, int32_t resource, const Limit& limit, Limit& before) {
  if (!state_->own) return unsupported("sysctl");
  int64_t boot;
  const Failure failure = read_boot_time(boot);
  if (!failure.ok()) return failure;
  SourceCounts counts;
  RowReader reader(state_->bytes, counts, boot);
  return reader.set_rlimit(target, resource, limit, before);
}

Clock Platform::clock() {
  int64_t boot;
  if (!read_boot_time(boot).ok()) return {};
  return {static_cast<double>(boot) / 1000, 1e6};
}

}  // namespace psutil
