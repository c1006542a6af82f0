// FreeBSD: sysctl(3) alone, and no mounted procfs.
#include "platform/platform.h"

#include <cmath>
#include <cstring>
#include <ctime>

#include "platform/freebsd/row.h"
#include "platform/posix/answer.h"

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

}  // namespace

bool Platform::read(const ReadRequest& request, Columns& columns, SourceCounts& counts) {
  if (!state_->own) return refuse_each(request, unsupported("sysctl"), columns);
  // A oneshot takes all that the kinfo tells, whatever was asked.
  const FieldMask fields = request.whole_sources ? request.fields | kKinfoFields : request.fields;
  for (int tries = 1;; tries++) {
    int64_t before;
    Failure failure = read_boot_time(before);
    if (!failure.ok()) return refuse_each(request, failure, columns);
    RowReader reader(state_->groups, counts, before);
    if (request.pids != nullptr) {
      if (!answer_each(request, fields, reader, columns)) return false;
    } else {
      counts.reads[static_cast<size_t>(Source::kProc)]++;
      failure = state_->everyone.read();
      if (!failure.ok()) return refuse_each(request, failure, columns);
      if (!answer_all(request, state_->everyone, reader, columns)) return false;
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
  return failure.ok() ? list_all(state_->everyone, cursor, pids) : failure;
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
