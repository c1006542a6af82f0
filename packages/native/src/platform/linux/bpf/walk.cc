#include "platform/linux/bpf/walk.h"

#include <unistd.h>

#include <cerrno>

#include "platform/linux/bpf/privileges.h"
#include "platform/linux/main_thread.h"
#include "platform/posix/failure.h"

namespace psutil {
namespace {

// What one read takes at most: with pages of 4 KiB all of the kernel's own buffer, some seventy processes. With larger
// ones a read may end in the middle of a record.
constexpr size_t kBuffer = 32 * 1024;
constexpr size_t kFirstRows = 1024;
constexpr int32_t kInit = 1;

bool stops_early(const ReadRequest& request, MainThread& main_thread) {
  if (request.hurry == nullptr) return false;
  return __atomic_load_n(request.hurry, __ATOMIC_RELAXED) > 0 || main_thread.is_kept_waiting();
}

ssize_t read_iterator(void* iterator, char* to, size_t room) {
  ssize_t got;
  do {
    got = ::read(*static_cast<const int*>(iterator), to, room);
    // EAGAIN: it has passed a million tasks that are not told of.
  } while (got < 0 && (errno == EINTR || errno == EAGAIN));
  return got;
}

}  // namespace

void TaskWalk::stop() {
  if (iterator_ >= 0) close(iterator_);
  iterator_ = -1;
  next_ = -1;
  records_.end();
}

void TaskWalk::look_at_privileges() {
  if (!program_.is_loaded() || missing_capabilities().ok()) return;
  stop();
  program_.unload();
}

Failure TaskWalk::start(Root& root, const ReadRequest& request, unsigned wants) {
  Failure failure = missing_capabilities();
  if (failure.ok()) failure = hidden_processes(root);
  if (!failure.ok()) {
    stop();
    if (failure.kind != Failure::Kind::kSystem) program_.unload();
    return failure;
  }
  if (iterator_ >= 0 && walk_ == request.walk && next_ == request.from && wants_ == wants) return {};
  stop();
  failure = program_.load();
  if (failure.ok()) failure = records_.begin(wants, kBuffer);
  if (!failure.ok()) return failure;
  iterator_ = program_.start();
  if (iterator_ < 0) return failure_of(errno, "bpf");
  walk_ = request.walk;
  wants_ = wants;
  return {};
}

Failure TaskWalk::fill(bool& ended, SourceCounts& counts) {
  // The C library takes them from all threads at once, in the middle of what they do.
  const Failure missing = missing_capabilities();
  if (!missing.ok()) return missing;
  counts.reads[index_of(Source::kBpf)]++;
  return records_.fill(read_iterator, &iterator_, ended);
}

// `held` is what the record has of the fields. False where the process is gone.
bool TaskWalk::put(const Task& task, FieldSet held, FieldSet fields, RowReader& files, TableBuilder& table) {
  const FieldSet rest = fields & ~held;
  // Without a start nothing shows that a file is of the same process: then all is read from files.
  if (rest != 0 && (wants_ & kWantsStart) == 0) return files.read({task.record->pid}, fields, table);
  put_record(task, held, table);
  return rest == 0 || files.read({task.record->pid, start_of(*task.record)}, rest, table, held);
}

bool TaskWalk::read(Root& root, const ReadRequest& request, RowReader& files, MainThread& main_thread, TableBuilder& table,
                    SourceCounts& counts) {
  if (!table.begin(request.fields, request.most < kFirstRows ? request.most : kFirstRows)) return false;
  const bool merges = (request.fields & ~provides_) != 0;
  // By the start, the fields that come from files are the same process's.
  const unsigned wants = wants_for(request.fields & provides_) | (merges ? kWantsStart : 0);
  Failure failure = start(root, request, wants);
  main_thread.watch();
  // Another walk may have said otherwise since this one stopped.
  if (failure.ok()) failure = program_.want(wants, request.from);
  while (failure.ok() && table.rows() < request.most) {
    Task task;
    const TaskRecords::Next next = records_.next(task);
    if (next == TaskRecords::Next::kDamaged) failure = damaged_record();
    if (next == TaskRecords::Next::kNothingHere) {
      if (table.rows() > 0 && stops_early(request, main_thread)) break;
      bool ended = false;
      failure = fill(ended, counts);
      if (!ended) continue;
      stop();
      break;
    }
    if (!failure.ok()) break;
    const bool is_first = next_ <= kInit && request.from <= kInit;
    // Every namespace has a process 1. A kernel may keep it from BPF; if /proc tells of it, so does the walk.
    const bool withheld = is_first && task.record->pid > kInit;
    const int32_t pid = withheld ? kInit : task.record->pid;
    next_ = pid + 1;
    if (table.rows() == table.capacity() && !table.refit(table.capacity() * 2)) return false;
    table.open_row(pid);
    const FieldSet held = withheld ? 0 : held_by(*task.record, request.fields & provides_);
    if (withheld ? files.read({pid}, request.fields, table) : put(task, held, request.fields, files, table)) {
      table.keep_row();
    } else {
      table.drop_row();
    }
    if (!withheld) records_.take();
    // Of tens of thousands of groups a single row can take as long as a buffer.
    const bool looks = merges ? request.looks_around(table.rows()) : held != request.fields;
    if (looks && table.rows() > 0 && stops_early(request, main_thread)) break;
  }
  main_thread.leave();
  if (!failure.ok()) {
    stop();
    look_at_privileges();
    table.refuse(failure);
  }
  table.set_next(next_);
  return table.refit(table.rows()) && !table.out_of_memory();
}

}  // namespace psutil
