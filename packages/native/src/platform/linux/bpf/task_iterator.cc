#include "platform/linux/bpf/task_iterator.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "platform/linux/bpf/privileges.h"
#include "platform/linux/namespace_links.h"
#include "platform/linux/open_process.h"
#include "platform/linux/starvation_monitor.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

// What one read takes at most: with pages of 4 KiB all of the kernel's own buffer, some seventy processes. With larger
// ones a read may end in the middle of a record.
constexpr size_t kBuffer = 32 * 1024;
constexpr int32_t kInit = 1;

bool stops_early(const ReadRequest& request, StarvationMonitor& starvation) {
  if (request.urgent_pending == nullptr) return false;
  return __atomic_load_n(request.urgent_pending, __ATOMIC_RELAXED) > 0 || starvation.is_starved();
}

// Fields of usage that a record may have and this thread not take from it: see held_here().
constexpr FieldSet kToLookAt = bit(Field::scheduler) | bit(Field::seccomp) | kOfInside;

// Whether a record certainly holds all of these fields, as those of most processes do: a quicker answer than that of held_here().
bool is_ordinary(const Task& task, FieldSet fields, unsigned wants) {
  const TaskRecord& record = *task.record;
  const bool has_name = (fields & bit(Field::name)) == 0 || (record.flags & kTaskIsKernelThread) == 0;
  if (record.exit_state != 0 || record.group_count > kTaskGroups || !has_name) return false;
  return task.usage == nullptr || ((fields & kToLookAt) == 0 && (wants & kWantsUsage & ~task.usage->has) == 0);
}

ssize_t read_iterator(void* iterator, char* to, size_t available) {
  ssize_t got;
  do {
    got = ::read(*static_cast<const int*>(iterator), to, available);
    // EAGAIN: it has passed a million tasks that it does not report.
  } while (got < 0 && (errno == EINTR || errno == EAGAIN));
  return got;
}

}  // namespace

void TaskIterator::stop() {
  if (iterator_ >= 0) close(iterator_);
  iterator_ = -1;
  next_ = -1;
  records_.end();
}

void TaskIterator::look_at_privileges() {
  const bool is_loaded = tasks_program_.is_loaded() || usage_program_.is_loaded();
  if (!is_loaded || missing_capabilities().ok()) return;
  stop();
  unload();
}

void TaskIterator::unload() {
  tasks_program_.unload();
  usage_program_.unload();
}

// The fields that records are to have, and what the program must write for them.
unsigned TaskIterator::choose_fields() {
  wanted_ = fields_ & provides_ & ~absent_ & (inside_ | ~kOfInside);
  // By the start, the fields that come from files are the same process's. What TaskUsage has of a kernel it may lack of a process.
  const unsigned wants = wants_for(wanted_);
  return merges() || (wants & kWantsUsage) != 0 ? wants | kWantsStart : wants;
}

Failure TaskIterator::load() {
  Failure failure = program().load();
  const bool has_smaller = &program() == &usage_program_;
  if (failure.ok() || !failure.lasts || !has_smaller) return failure;
  // This kernel may still have all that the smaller program reads.
  absent_ |= fields_of(kWantsUsage);
  wants_ = choose_fields();
  return program().load();
}

Failure TaskIterator::start(ProcRoot& root, const ReadRequest& request) {
  Failure failure = missing_capabilities();
  if (failure.ok()) failure = hidden_processes(root);
  if (!failure.ok()) {
    stop();
    if (failure.kind != Failure::Kind::kSystem) unload();
    return failure;
  }
  fields_ = request.fields;
  inside_ = (fields_ & kOfInside) != 0 ? shown_of_inside() : 0;
  const unsigned wants = choose_fields();
  if (iterator_ >= 0 && walk_ == request.cursor.number && next_ == request.cursor.from && wants_ == wants) return {};
  stop();
  wants_ = wants;
  failure = load();
  if (failure.ok()) failure = records_.begin(wants_, kBuffer);
  if (!failure.ok()) return failure;
  iterator_ = program().start();
  if (iterator_ < 0) return failure_of(errno, "bpf");
  walk_ = request.cursor.number;
  return {};
}

// Which namespaces there are: this thread's own process is in one of each.
void TaskIterator::find_namespaces(ProcRoot& root) {
  if (namespaces_ != 0 || (wanted_ & bit(Field::namespaces)) == 0) return;
  const Descriptor self(open_at(root.fd(), "self", O_PATH | O_DIRECTORY | O_CLOEXEC));
  for (size_t i = 0; i < kNamespaces; i++) {
    if (faccessat(self.get(), kNamespaceLinks[i], F_OK, 0) == 0) namespaces_ |= uint32_t{1} << i;
  }
}

Failure TaskIterator::fill(TaskRecords& records, int& iterator, bool& ended, SourceCounts& counts) {
  // The C library takes them from all threads at once, in the middle of what they do.
  const Failure missing = missing_capabilities();
  if (!missing.ok()) return missing;
  if (inside_ != 0) inside_ &= shown_of_inside();
  counts.reads[index_of(Source::kBpf)]++;
  return records.fill(read_iterator, &iterator, ended);
}

FieldSet TaskIterator::held_here(const Task& task) {
  if (task.usage != nullptr) absent_ |= fields_of(task.usage->lacks);
  const FieldSet held = held_by(task, wanted_ & (inside_ | ~kOfInside));
  if ((held & kOfInside) == 0) return held;
  return may_look_into(task.record->pid) ? held : held & ~kOfInside;
}

// `held` is what the record has of the fields. False where the process is gone.
bool TaskIterator::put(const Task& task, FieldSet held, ProcessReader& files, RecordNames& names, TableBuilder& table) {
  if (held == fields_) {
    put_record(task, held, names, table);
    return true;
  }
  return merge(task, held, files, names, table);
}

// The fields that the record lacks come from files.
bool TaskIterator::merge(const Task& task, FieldSet held, ProcessReader& files, RecordNames& names, TableBuilder& table) {
  const FieldSet rest = fields_ & ~held;
  const bool knows_start = (wants_ & kWantsStart) != 0;
  // Without a start nothing shows that a file is of the same process: then all is read from files.
  if (!knows_start) return files.read({task.record->pid}, fields_, table);
  put_record(task, held, names, table);
  // A scan that merges every row reads by number, which is quicker, and makes sure of all of them at the end.
  const double start = merges() ? ProcessRef::kAnyStart : start_of(*task.record);
  return files.read({task.record->pid, start}, rest, table, held);
}

// Drops the rows of processes that have ended since their records were written.
Failure TaskIterator::verify(const ReadRequest& request, TableBuilder& table, SourceCounts& counts) {
  if (!second_look_.begin()) return failure_of(ENOMEM, "malloc");
  Failure failure = seen_again_.begin(kWantsStart, kBuffer);
  if (failure.ok()) failure = program().want(kWantsStart, request.cursor.from);
  if (!failure.ok()) return failure;
  int iterator = program().start();
  if (iterator < 0) return failure_of(errno, "bpf");
  const Descriptor closed_at_end(iterator);
  for (bool ended = false; failure.ok() && !ended;) {
    Task task;
    const TaskRecords::Next next = seen_again_.next(task);
    if (next == TaskRecords::Next::kDamaged) failure = damaged_record();
    if (next == TaskRecords::Next::kNothingHere) failure = fill(seen_again_, iterator, ended, counts);
    if (next != TaskRecords::Next::kTask) continue;
    if (!second_look_.see(*task.record, table)) break;
    seen_again_.take();
  }
  seen_again_.end();
  if (failure.ok()) table.keep_only(second_look_.keeps());
  return failure;
}

bool TaskIterator::read(ProcRoot& root, const ReadRequest& request, ProcessReader& files, Scratch& scratch,
                        StarvationMonitor& starvation, TableBuilder& table, SourceCounts& counts) {
  if (!table.begin(request.fields, table.usual_rows(request.cursor.max))) return false;
  second_look_.clear();
  Failure failure = start(root, request);
  const bool merges_rows = merges();
  find_namespaces(root);
  RecordNames names = {scratch.terminals, scratch.users, namespaces_, request.sampled};
  starvation.watch();
  // Another walk may have said otherwise since this one stopped.
  if (failure.ok()) failure = program().want(wants_, request.cursor.from);
  while (failure.ok() && table.rows() < request.cursor.max && !table.is_full()) {
    Task task;
    const TaskRecords::Next next = records_.next(task);
    if (next == TaskRecords::Next::kDamaged) failure = damaged_record();
    if (next == TaskRecords::Next::kNothingHere) {
      if (table.rows() > 0 && stops_early(request, starvation)) break;
      bool ended = false;
      failure = fill(records_, iterator_, ended, counts);
      if (!ended) continue;
      stop();
      break;
    }
    if (!failure.ok()) break;
    const bool is_first = next_ <= kInit && request.cursor.from <= kInit;
    // Every namespace has a process 1. A kernel may keep it from BPF; if /proc shows it, so does the iterator.
    const bool withheld = is_first && task.record->pid > kInit;
    const int32_t pid = withheld ? kInit : task.record->pid;
    next_ = pid + 1;
    if (table.rows() == table.capacity() && !table.refit(table.capacity() * 2)) return false;
    if (merges_rows && files.ahead().is_low()) {
      int32_t following[ReadAhead::kMost];
      files.ahead().expect(following, records_.peek(following, ReadAhead::kMost));
    }
    table.open_row(pid);
    const FieldSet held = withheld ? 0 : is_ordinary(task, wanted_, wants_) ? wanted_ : held_here(task);
    if (withheld ? files.read({pid}, fields_, table) : put(task, held, files, names, table)) {
      table.keep_row();
      const bool by_number = merges_rows && !withheld && held != 0;
      if (merges_rows && !second_look_.expect(by_number ? task.record->start : SecondLook::kNoStart)) return false;
    } else {
      table.drop_row();
    }
    if (!withheld) records_.take();
    // Of tens of thousands of groups a single row can take as long as a buffer.
    const bool looks = merges_rows ? request.checks_delay(table.rows()) : held != fields_;
    if (looks && table.rows() > 0 && stops_early(request, starvation)) break;
  }
  if (failure.ok() && second_look_.is_needed()) failure = verify(request, table, counts);
  starvation.leave();
  if (!failure.ok()) {
    stop();
    look_at_privileges();
    table.refuse(failure);
  }
  table.set_next(next_);
  return table.refit(table.rows()) && !table.out_of_memory();
}

}  // namespace psutil
