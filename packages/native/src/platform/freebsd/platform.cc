// FreeBSD: sysctl(3) alone, and no mounted procfs.
#include "platform/platform.h"

#include <cmath>
#include <cstring>
#include <ctime>

#include "platform/freebsd/row.h"
#include "platform/posix/failure.h"

namespace psutil {

struct Platform::State {
  explicit State(const char* proc_root) : own(std::strcmp(proc_root, "/proc") == 0) {}

  // Another proc root means other processes than those the kernel tells of here.
  const bool own;
  Everyone everyone;
  Array<char> groups;
};

Capabilities capabilities() {
  return {"freebsd", "sysctl",     kAllFields,   kKinfoFields, kKinfoSignalSets,
          true,      Reach::kAny, Reach::kAny, kSourceNames};
}

Platform::Platform(const char* proc_root) : state_(std::make_unique<State>(proc_root)) {}
Platform::~Platform() = default;

namespace {

constexpr int kTries = 3;

bool read_each(const ReadRequest& request, FieldMask fields, RowReader& reader, Columns& columns) {
  if (!columns.begin(fields, request.count)) return false;
  for (size_t i = 0; i < request.count && !request.should_stop(i); i++) {
    Target target = {request.pids[i]};
    if (request.starts != nullptr) target.start = request.starts[i];
    // A oneshot takes all that the kinfo tells, whatever was asked.
    const FieldMask wanted = request.masks == nullptr ? fields : request.masks[i];
    columns.open_row(target.pid);
    if (!reader.read(target, wanted, columns) && request.drop_gone) {
      columns.drop_row();
    } else {
      columns.keep_row();
    }
  }
  return !columns.out_of_memory();
}

bool read_all(const ReadRequest& request, Everyone& everyone, RowReader& reader, Columns& columns) {
  if (!columns.begin(request.fields, everyone.count())) return false;
  for (size_t i = 0; i < everyone.count(); i++) {
    columns.open_row(everyone[i].ki_pid);
    if (reader.put(everyone[i], request.fields, columns)) {
      columns.keep_row();
    } else {
      columns.drop_row();
    }
  }
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
  const FieldMask fields = request.whole_sources ? request.fields | kKinfoFields : request.fields;
  for (int tries = 1;; tries++) {
    int64_t before;
    Failure failure = read_boot_time(before);
    if (!failure.ok()) return refuse_each(request, failure, columns);
    RowReader reader(state_->groups, counts, before);
    if (request.pids != nullptr) {
      if (!read_each(request, fields, reader, columns)) return false;
    } else {
      counts.reads[static_cast<size_t>(Source::kProc)]++;
      failure = state_->everyone.read();
      if (!failure.ok()) return refuse_each(request, failure, columns);
      if (!read_all(request, state_->everyone, reader, columns)) return false;
      state_->everyone.shrink();
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
  const Failure failure = state_->everyone.read();
  if (!failure.ok()) return failure;
  for (size_t i = 0; i < state_->everyone.count(); i++) {
    if (!pids.push(state_->everyone[i].ki_pid)) return failure_of(ENOMEM, "malloc");
  }
  state_->everyone.shrink();
  cursor = -1;
  return {};
}

Failure Platform::set_rlimit(const Target& target, int32_t resource, const Limit& limit, Limit& before) {
  if (!state_->own) return unsupported("sysctl");
  int64_t boot;
  const Failure failure = read_boot_time(boot);
  if (!failure.ok()) return failure;
  SourceCounts counts;
  RowReader reader(state_->groups, counts, boot);
  return psutil::set_rlimit(reader, target, resource, limit, before);
}

Clock Platform::clock() {
  int64_t boot;
  if (!read_boot_time(boot).ok()) return {};
  return {static_cast<double>(boot) / 1000, 1e6};
}

double Platform::now() {
  timespec time;
  if (clock_gettime(CLOCK_UPTIME, &time) != 0) return std::nan("");
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec / 1000);
}

}  // namespace psutil
