#include "platform/linux/process_reader.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "platform/linux/life.h"
#include "platform/linux/program.h"
#include "platform/procfs/stat.h"
#include "platform/shared/errno.h"
#include "platform/shared/pid_path.h"

namespace psutil {
namespace {

// Whether these sources take more than one system call by number. prlimit64 returns one limit in each call.
bool is_several(SourceSet sources) { return (sources & (sources - 1)) != 0 || sources == bit(Source::kPrlimit64); }

// How often a row is read anew because its process has executed another program.
constexpr int kMostPrograms = 8;

constexpr SourceSet kIdSources = bit(Source::kGetpgid) | bit(Source::kGetsid);

}  // namespace

bool is_process(int32_t pid) {
  // A thread's id has a directory in /proc too, and getpgid and prlimit64 accept it. tgkill with the number as both ids succeeds
  // only for a process, and signal 0 has no effect. Any other error does not mean that there is no process.
  return syscall(SYS_tgkill, pid, pid, 0) == 0 || (errno != ESRCH && errno != EINVAL);
}

ProcessReader::ProcessReader(ProcRoot& root, Scratch& scratch, SourceCounts& counts)
    : root_(root), scratch_(scratch), counts_(counts), ahead_(root, scratch.blocking) {}

ProcessReader::~ProcessReader() { scratch_.sockets.drop(); }

ProcessReader::Plan ProcessReader::make_plan(bool bound) {
  Plan made;
  made.allowed = kFileSources;
  // A bound row is read beneath its directory, except what only a call by number returns.
  if (root_.own()) made.allowed |= bound ? kOnlyCalls : kCallSources;
  SourceSet preferred = made.allowed;
  // See put_stat(), which is in any case the source of the start.
  const FieldSet fields = samples_ ? (fields_ & ~bit(Field::memory)) | bit(Field::startTime) : fields_;
  if (whole_sources_) {
    // In a oneshot the file with the most fields is better than a faster one with fewer: the fields that are requested next are
    // then there already.
    constexpr SourceSet kBringsLittle = bit(Source::kStat) | bit(Source::kGetpgid) | bit(Source::kGetsid);
    preferred &= ~kBringsLittle;
    if ((fields & ~provided_by(preferred)) != 0) preferred |= bit(Source::kStat);
  }
  made.sources = scratch_.planner.plan(fields, preferred);
  made.opens_directory = bound || (made.sources & kNeedDirectory) != 0;
  const bool excludes_threads = (made.sources & bit(Source::kStatus)) != 0 || listed_ || bound;
  if (!excludes_threads && !root_.own()) made.sources |= bit(Source::kStatus);
  made.probe = !excludes_threads && root_.own();
  return made;
}

void ProcessReader::make_plans(FieldSet fields) {
  fields_ = fields;
  last_group_ = {};
  plans_[false] = make_plan(false);
  plans_[true] = make_plan(true);
}

FieldSet ProcessReader::prepare(const ReadRequest& request) {
  whole_sources_ = request.whole_sources;
  listed_ = request.listed;
  drops_stalled_ = request.drop_gone;
  samples_ = request.sampled;
  make_plans(request.fields);
  FieldSet brought = request.fields;
  if (request.whole_sources) {
    for (size_t i = 0; i < request.count; i++) {
      const ProcessRef target = {request.pids[i], request.starts == nullptr ? ProcessRef::kAnyStart : request.starts[i]};
      brought |= provided_by(plans_[target.is_bound()].sources) & kEagerFields;
    }
  }
  constexpr FieldSet kMayBlock = provided_by(kBlockingSources);
  if ((brought & kMayBlock) != 0) {
    scratch_.blocking.begin();
    // Where each process has fields of its own, what is read of the next is not known here.
    if (request.sets == nullptr && !ProgramCheck::is_needed(brought)) ahead_.begin(plans_[request.starts != nullptr].sources);
  }
  lacks_boot_ = (brought & bit(Field::startTime)) != 0 && !root_.knows_boot();
  return fields_ = brought;
}

bool ProcessReader::read(const ProcessRef& target, FieldSet fields, TableBuilder& table, FieldSet held) {
  if (fields != fields_) make_plans(fields);
  for_each(table.fields() & ~fields & ~held, [&](Field field) { table.put_null(field); });
  if (held_ != nullptr) held_->visit(target.pid);
  for (int left = kMostPrograms;; left--) {
    bool is_mixed = false;
    OpenProcess row(target, fields, table, scratch_, root_);
    row.is_sampled = samples_;
    if (rests_ && put_rest(row)) {
      held_->note_used(row.ticks_used);
      return true;
    }
    const bool is_kept = read_once(row, held, is_mixed);
    const bool was_held = !is_kept && held_ != nullptr && held_->was_taken();
    if (held_ != nullptr) {
      if (!is_kept) held_->forget();
      else held_->note_used(row.ticks_used);
    }
    // The process has ended whose files were held, and another may have its number.
    if (!is_mixed && !was_held) return is_kept;
    table.clear_row(fields);
    if (was_held) continue;
    if (left > 0) continue;
    for_each(fields, [&](Field field) { table.fail(field, failure_of(EAGAIN, "execve")); });
    return true;
  }
}

// `is_mixed` where it may be of two programs.
bool ProcessReader::read_once(OpenProcess& row, FieldSet held, bool& is_mixed) {
  const ProcessRef& target = row.target;
  const FieldSet fields = row.fields;
  TableBuilder& table = row.table;
  const bool identified = target.start == ProcessRef::kIdentify && root_.numbers_processes();
  const bool bound = target.is_bound() || identified;
  const Plan& planned = plans_[bound];
  if (target.pid <= 0 || (planned.probe && held == 0 && !is_process(target.pid))) {
    table.fail_row(gone("kill"));
    return false;
  }
  const bool opens = bound || planned.opens_directory;
  const Descriptor directory(opens ? open_directory(target.pid) : -1);
  if (opens) {
    row.directory = directory.get();
    Failure failure = row.directory < 0 ? explain(row, failure_of(errno, "open")) : Failure{};
    if (failure.ok() && bound) failure = bind(row);
    if (!failure.ok() && held != 0 && failure.kind != Failure::Kind::kGone) {
      for_each(fields, [&](Field field) { table.fail(field, failure); });
      return true;
    }
    if (!failure.ok()) {
      table.fail_row(failure);
      return failure.kind != Failure::Kind::kGone;
    }
  }

  ProgramCheck program(row);
  read_sources(row, planned.sources & ~row.tried);
  if (is_headless(row)) read_living_thread(row);
  FieldSet missing = fields_ & ~row.got;
  if (missing != 0) {
    // If a source is denied, or the kernel leaves out a line, another source may still have the field.
    const SourceSet left = planned.allowed & ~row.tried;
    read_sources(row, scratch_.planner.plan(missing, left));
    missing = fields_ & ~row.got;
  }
  const Failure lost = why_lost(row);
  if (!lost.ok()) {
    table.fail_row(lost);
    return false;
  }
  if (held_ != nullptr && row.file) {
    if (rests_) hold_one(row);
    else hold_file(row.of_file, *row.file);
  }
  is_mixed = !row.is_stalled && program.has_changed();
  if (is_mixed) return true;
  for_each(missing, [&](Field field) { table.fail(field, why_missing(row, field)); });
  if (row.is_stalled) {
    table.note_stalled();
    if (drops_stalled_) return false;
  }
  if (lacks_boot_ && row.has(Field::startTime)) table.fail_but_keep(Field::startTime, unsupported("open"));
  return true;
}

int ProcessReader::open_directory(int32_t pid) {
  const int opened = ahead_.take(pid);
  return opened >= 0 ? opened : open_at(root_.fd(), PidPath(pid).directory(), O_PATH | O_DIRECTORY | O_CLOEXEC);
}

// Beneath an open directory of a process the kernel shows that process or none. If the next read there succeeds, the process
// that has the number now has had it since the directory was opened. So its serial is the directory's, and if the start is the
// right one too, everything read beneath the directory is of the right process.
Failure ProcessReader::bind(OpenProcess& row) {
  const ProcessRef& target = row.target;
  const double serial = target.is_bound() ? serial_of(target.start) : 0;
  if (serial != 0 || !target.is_bound()) {
    const Pidfd pidfd(target.pid);
    Failure failure = pidfd.failure();
    if (failure.ok()) failure = pidfd.serial(row.serial);
    if (failure.ok() && target.is_bound() && row.serial != serial) failure = gone("pidfd_open");
    if (!failure.ok()) return failure;
  }
  std::string_view text;
  Failure failure = read_file(row, Source::kStat, text);
  row.tried |= bit(Source::kStat);
  counts_.reads[index_of(Source::kStat)]++;
  StatText stat;
  if (failure.ok() && !parse_stat(text, stat)) failure = failure_of(EIO, "read");
  if (failure.ok() && target.is_bound() && static_cast<double>(stat.start) != tick_of(target.start)) failure = gone("open");
  // Put while the text is here. `status` has the same values of the shared fields.
  return failure.ok() ? put_stat(row, text) : failure;
}

// What is read by a number is of one process only if that has had the number all the while. So of several sources the
// first that is a file is opened before the others are read, and read behind them: then the kernel has not yet given its
// number to another. That costs nothing. Where all are system calls, a pidfd is held instead, and the two numbers that cost
// less than a pidfd are compared with each other, see put_ids().
void ProcessReader::read_sources(OpenProcess& row, SourceSet sources) {
  if (row.file && sources != 0) row.is_doubtful = true;
  SourceSet last = 0;
  if (row.directory < 0 && !row.file && !row.pidfd) {
    last = open_first(row, sources);
    if (rests_ && row.file) watch_rest(row);
    sources &= ~row.tried;
    if (last == 0 && sources == kIdSources && put_ids(row, last_group_)) {
      row.tried |= sources;
      for_each_source(sources, [&](Source source) { counts_.reads[index_of(source)]++; });
      return;
    }
    if (last == 0 && is_several(sources)) {
      row.pidfd.emplace(row.target.pid);
      const Failure failure = row.pidfd->failure();
      // Without pidfds a file shows the same. With no descriptor left there is no file either, and the values may be of two
      // processes. That is better than no values: such a row is mostly the fields of unrelated calls.
      if (!failure.ok() && failure.kind != Failure::Kind::kSystem) {
        row.pidfd.reset();
        return settle(row, sources, failure);
      }
    }
  }
  for (SourceSet part : {sources & ~last, last}) {
    for (; part != 0; part &= part - 1) {
      const SourceSet source = part & ~(part - 1);
      const size_t i = static_cast<size_t>(__builtin_ctz(part));
      settle(row, source, read_source(row, static_cast<Source>(i)));
      counts_.reads[i]++;
      if ((row.failures.gone() & source) != 0) return;
    }
  }
}

// Returns which file it has opened.
SourceSet ProcessReader::open_first(OpenProcess& row, SourceSet sources) {
  for (SourceSet files = sources & kFileSources; files != 0; files &= files - 1) {
    const size_t i = static_cast<size_t>(__builtin_ctz(files));
    const SourceSet source = SourceSet{1} << i;
    int file;
    const Failure failure = open_file(row, static_cast<Source>(i), file);
    if (failure.ok()) {
      row.file.emplace(file);
      row.unread = source;
      row.of_file = static_cast<Source>(i);
      return source;
    }
    settle(row, failure.kind == Failure::Kind::kGone ? sources : source, failure);
    counts_.reads[i]++;
    if (failure.kind == Failure::Kind::kGone) break;
  }
  return 0;
}

void ProcessReader::settle(OpenProcess& row, SourceSet sources, const Failure& failure) {
  row.tried |= sources;
  row.is_stalled |= BlockingReads::is_stalled(failure);
  row.failures.note(sources, failure);
}

}  // namespace psutil
