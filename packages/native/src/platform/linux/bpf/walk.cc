#include "platform/linux/bpf/walk.h"

#include <unistd.h>

#include <cerrno>

#include "platform/linux/main_thread.h"
#include "platform/posix/failure.h"

namespace psutil {
namespace {

// The kernel hands out its own buffer of eight pages at a time: some seventy processes.
constexpr size_t kBuffer = 32 * 1024;
constexpr size_t kSource = 6;  // behind the planner's in the platform's list of sources
static_assert(kSource == kSourceCount && kSource < SourceCounts::kSources);
constexpr size_t kFirstRows = 1024;
constexpr int32_t kInit = 1;

bool stops_early(const ReadRequest& request, MainThread& main_thread) {
  if (request.hurry == nullptr) return false;
  return __atomic_load_n(request.hurry, __ATOMIC_RELAXED) > 0 || main_thread.is_kept_waiting();
}

}  // namespace

void TaskWalk::stop() {
  if (iterator_ >= 0) close(iterator_);
  iterator_ = -1;
  next_ = -1;
  records_.shrink(0);
  at_ = 0;
}

Failure TaskWalk::start(const ReadRequest& request) {
  if (iterator_ >= 0 && walk_ == request.walk && next_ == request.from) return {};
  stop();
  Failure failure = program_.load();
  if (!failure.ok()) return failure;
  if (!records_.reserve(kBuffer)) return failure_of(ENOMEM, "malloc");
  iterator_ = program_.start();
  if (iterator_ < 0) return failure_of(errno, "bpf");
  walk_ = request.walk;
  return {};
}

Failure TaskWalk::fill(SourceCounts& counts) {
  ssize_t got;
  do {
    got = ::read(iterator_, records_.data(), kBuffer);
    // EAGAIN: it has passed a million tasks that are not told of.
  } while (got < 0 && (errno == EINTR || errno == EAGAIN));
  if (got < 0) return failure_of(errno, "read");
  records_.resize(static_cast<size_t>(got));
  at_ = 0;
  counts.reads[kSource]++;
  return {};
}

bool TaskWalk::read(const ReadRequest& request, RowReader& others, MainThread& main_thread, Columns& columns, SourceCounts& counts) {
  if (!columns.begin(request.fields, request.most < kFirstRows ? request.most : kFirstRows)) return false;
  const unsigned wants = wants_for(request.fields);
  const size_t limits = (wants & kWantsLimits) != 0 ? kTaskLimits * sizeof(TaskLimit) : 0;
  Failure failure = start(request);
  main_thread.watch();
  // Another walk may have said otherwise since this one stopped.
  if (failure.ok()) failure = program_.want(wants, request.from);
  while (failure.ok() && columns.rows() < request.most) {
    if (at_ == records_.size()) {
      if (columns.rows() > 0 && stops_early(request, main_thread)) break;
      failure = fill(counts);
      if (!failure.ok()) break;
      if (records_.size() == 0) {
        stop();
        break;
      }
    }
    const auto& record = *reinterpret_cast<const TaskRecord*>(records_.data() + at_);
    const bool is_first = next_ <= kInit && request.from <= kInit;
    // Every namespace has a process 1. A kernel may keep it from BPF; if /proc tells of it, so does the walk.
    const bool withheld = is_first && record.pid > kInit;
    const int32_t pid = withheld ? kInit : record.pid;
    next_ = pid + 1;
    if (columns.rows() == columns.capacity() && !columns.refit(columns.capacity() * 2)) return false;
    columns.open_row(pid);
    bool whole = false;
    if (!withheld) {
      const auto* limit = reinterpret_cast<const TaskLimit*>(records_.data() + at_ + record.length);
      at_ += record.length + limits;
      whole = put_record(record, limit, request.fields, columns);
    }
    if (whole || others.read({pid}, request.fields, columns)) {
      columns.keep_row();
    } else {
      columns.drop_row();
    }
    // Of tens of thousands of groups a single row can take as long as a buffer.
    if (!whole && columns.rows() > 0 && stops_early(request, main_thread)) break;
  }
  main_thread.leave();
  if (!failure.ok()) {
    stop();
    columns.refuse(failure);
  }
  columns.set_next(next_);
  return columns.refit(columns.rows()) && !columns.out_of_memory();
}

}  // namespace psutil
