#include "platform/linux/row.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "platform/linux/limits.h"
#include "platform/linux/rlimit.h"
#include "platform/linux/stat.h"
#include "platform/posix/failure.h"
#include "platform/posix/pid_path.h"

namespace psutil {
namespace {

size_t index_of(Source source) { return static_cast<size_t>(source); }

}  // namespace

struct RowReader::Row {
  Row(const Target& meant, FieldMask wanted, Columns& filled) : target(meant), fields(wanted), columns(filled) {}

  bool wants(Field field) const { return (fields & bit(field)) != 0 && (got & bit(field)) == 0; }
  void put(Field field, int32_t value) {
    columns.put_i32(field, value);
    got |= bit(field);
  }
  void put(Field field, const void* bytes, size_t length) {
    columns.put_entry(field, bytes, length);
    got |= bit(field);
  }

  const Target& target;
  const FieldMask fields;
  Columns& columns;
  int directory = -1;       // of the process, where the row is bound to it
  FieldMask got = 0;
  SourceMask tried = 0;
  Failure failed[kSourceCount];
  char state = '\0';
};

bool is_process(int32_t pid) {
  // A thread's id has a directory in /proc too, and getpgid and prlimit64 answer for it. Signal 0 to the
  // thread of that id in the process of that id reaches nobody, and only a process passes.
  // Whatever else goes wrong does not say that there is none.
  return syscall(SYS_tgkill, pid, pid, 0) == 0 || (errno != ESRCH && errno != EINVAL);
}

RowReader::Plan RowReader::make_plan(bool bound) const {
  Plan made;
  made.allowed = root_.own() && !bound ? kAllSources : kFileSources;
  SourceMask preferred = made.allowed;
  if (whole_sources_) {
    // In a oneshot the file that tells most is worth more than the quicker one that tells less: whatever
    // field is asked first, the next ones are there too.
    constexpr SourceMask kTellsLittle = bit(Source::kStat) | bit(Source::kGetpgid) | bit(Source::kGetsid);
    preferred &= static_cast<SourceMask>(~kTellsLittle);
    if ((fields_ & ~gives(preferred)) != 0) preferred |= bit(Source::kStat);
  }
  made.sources = plan(fields_, preferred);
  const bool tells_thread = (made.sources & bit(Source::kStatus)) != 0 || listed_ || bound;
  if (!tells_thread && !root_.own()) made.sources |= bit(Source::kStatus);
  made.probe = !tells_thread && root_.own();
  return made;
}

void RowReader::make_plans(FieldMask fields) {
  fields_ = fields;
  plans_[false] = make_plan(false);
  plans_[true] = make_plan(true);
}

FieldMask RowReader::prepare(const ReadRequest& request) {
  whole_sources_ = request.whole_sources;
  listed_ = request.listed;
  make_plans(request.fields);
  FieldMask brought = request.fields;
  if (request.whole_sources) {
    for (size_t i = 0; i < request.count; i++) {
      brought |= gives(plans_[request.starts != nullptr && request.starts[i] != Target::kAnyStart].sources);
    }
  }
  return fields_ = brought;
}

bool RowReader::read(const Target& target, FieldMask fields, Columns& columns) {
  if (fields != fields_) make_plans(fields);
  for (FieldMask others = columns.fields() & ~fields; others != 0; others &= others - 1) {
    columns.put_missing(static_cast<Field>(__builtin_ctz(others)));
  }
  Row row(target, fields, columns);
  const bool bound = target.start != Target::kAnyStart;
  const Plan& planned = plans_[bound];
  if (target.pid <= 0 || (planned.probe && !is_process(target.pid))) {
    columns.fail_row(gone("kill"));
    return false;
  }
  Descriptor directory(bound ? open_at(root_.fd(), PidPath(target.pid).directory(), O_PATH | O_DIRECTORY | O_CLOEXEC) : -1);
  if (bound) {
    row.directory = directory.get();
    const Failure failure = row.directory < 0 ? explain(row, failure_of(errno, "open")) : Failure{};
    if (failure.kind == Failure::Kind::kGone) {
      columns.fail_row(failure);
      return false;
    }
    if (!failure.ok()) {
      columns.fail_row(failure);
      return true;
    }
    if (!bind(row)) return row.failed[index_of(Source::kStat)].kind != Failure::Kind::kGone;
  }

  read_sources(row, planned.sources & static_cast<SourceMask>(~row.tried));
  FieldMask missing = fields_ & ~row.got;
  if (missing != 0) {
    // A source that was denied, or a kernel that leaves a line out: another one may still tell.
    const auto left = static_cast<SourceMask>(planned.allowed & ~row.tried);
    read_sources(row, plan(missing, left));
    missing = fields_ & ~row.got;
  }
  for (size_t i = 0; i < kSourceCount; i++) {
    if (row.failed[i].kind != Failure::Kind::kGone) continue;
    columns.fail_row(row.failed[i]);
    return false;
  }
  for (size_t i = 0; missing >> i != 0; i++) {
    if (missing >> i & 1) columns.fail(static_cast<Field>(i), why_missing(row, static_cast<Field>(i)));
  }
  return true;
}

// Beneath an open directory of a process the kernel shows that process or none: once the start time in
// there is the right one, all that is read beneath it is the right process's.
bool RowReader::bind(Row& row) {
  std::string_view text;
  Failure failure = file(row, "stat", text);
  row.tried |= bit(Source::kStat);
  counts_.reads[index_of(Source::kStat)]++;
  StatText stat;
  if (failure.ok() && !parse_stat(text, stat)) failure = failure_of(EIO, "read");
  if (failure.ok() && static_cast<double>(stat.start) != row.target.start) failure = gone("open");
  // While it is at hand; what `status` tells as well, it tells in the same words.
  if (failure.ok()) failure = put_stat(row, text);
  row.failed[index_of(Source::kStat)] = failure;
  if (!failure.ok()) row.columns.fail_row(failure);
  return failure.ok();
}

void RowReader::read_sources(Row& row, SourceMask sources) {
  for (size_t i = 0; sources >> i != 0; i++) {
    if ((sources >> i & 1) == 0) continue;
    const auto source = static_cast<Source>(i);
    Failure failure;
    switch (source) {
      case Source::kStatus:
        failure = read_status(row);
        break;
      case Source::kStat:
        failure = read_stat(row);
        break;
      case Source::kLimits:
        failure = read_limits(row);
        break;
      case Source::kPrlimit:
        failure = read_prlimit(row);
        break;
      case Source::kGetpgid:
        failure = read_getpgid(row);
        break;
      case Source::kGetsid:
        failure = read_getsid(row);
        break;
    }
    row.tried |= bit(source);
    row.failed[i] = failure;
    counts_.reads[i]++;
    if (failure.kind == Failure::Kind::kGone) return;
  }
}

Failure RowReader::read_status(Row& row) {
  std::string_view text;
  Failure failure = file(row, "status", text);
  if (!failure.ok()) return failure;
  const FieldMask wanted = fields_ & ~row.got & kSources[index_of(Source::kStatus)].gives;
  const StatusText status = parse_status(text, wanted, scratch_.layout);
  if (status.tgid != 0 && status.tgid != row.target.pid) return gone("open");  // a thread's id
  if (status.reaped) return gone("read");
  row.state = status.state;
  const FieldMask present = status.present & wanted;
  if (present & bit(Field::umask)) row.put(Field::umask, status.umask);
  if (present & bit(Field::ppid)) row.put(Field::ppid, status.ppid);
  if (present & bit(Field::pgid)) row.put(Field::pgid, status.pgid);
  if (present & bit(Field::sid)) row.put(Field::sid, status.sid);
  if (present & bit(Field::threads)) row.put(Field::threads, status.threads);
  if (present & bit(Field::uids)) row.put(Field::uids, status.uids, sizeof status.uids);
  if (present & bit(Field::gids)) row.put(Field::gids, status.gids, sizeof status.gids);
  if (present & bit(Field::sigmasks)) row.put(Field::sigmasks, &status.signals, sizeof status.signals);
  State state;
  if ((present & bit(Field::state)) != 0 && parse_state(status.state, state)) {
    row.columns.put_u8(Field::state, static_cast<uint8_t>(state));
    row.got |= bit(Field::state);
  }
  if (present & bit(Field::name)) {
    if (!unescape_name(status.name, scratch_.name)) return failure_of(ENOMEM, "malloc");
    row.put(Field::name, scratch_.name.data(), scratch_.name.size());
  }
  if (present & bit(Field::groups)) {
    if (!parse_groups(status.groups, scratch_.groups)) return failure_of(ENOMEM, "malloc");
    row.put(Field::groups, scratch_.groups.data(), scratch_.groups.size() * sizeof(uint32_t));
  }
  return {};
}

Failure RowReader::read_stat(Row& row) {
  std::string_view text;
  const Failure failure = file(row, "stat", text);
  return failure.ok() ? put_stat(row, text) : failure;
}

Failure RowReader::put_stat(Row& row, std::string_view text) {
  StatText stat;
  if (!parse_stat(text, stat)) return failure_of(EIO, "read");
  // Its parent has waited for it while the kernel wrote this.
  if (stat.pgid == -1 && stat.threads == 0) return gone("read");
  row.state = stat.state;
  if (row.wants(Field::name)) row.put(Field::name, stat.name.data(), stat.name.size());
  if (row.wants(Field::ppid)) row.put(Field::ppid, stat.ppid);
  if (row.wants(Field::pgid)) row.put(Field::pgid, stat.pgid);
  if (row.wants(Field::sid)) row.put(Field::sid, stat.sid);
  if (row.wants(Field::threads)) row.put(Field::threads, stat.threads);
  State state;
  if (row.wants(Field::state) && parse_state(stat.state, state)) {
    row.columns.put_u8(Field::state, static_cast<uint8_t>(state));
    row.got |= bit(Field::state);
  }
  if (row.wants(Field::startTime)) {
    row.columns.put_f64(Field::startTime, static_cast<double>(stat.start));
    row.got |= bit(Field::startTime);
  }
  return {};
}

Failure RowReader::read_limits(Row& row) {
  std::string_view text;
  const Failure failure = file(row, "limits", text);
  if (!failure.ok()) return failure;
  if (text.empty()) return gone("read");  // its parent has waited for it since the file was opened
  Limit limits[kResources];
  if (!parse_limits(text, limits)) return unsupported("read");
  row.put(Field::rlimits, limits, sizeof limits);
  return {};
}

Failure RowReader::read_prlimit(Row& row) {
  Limit limits[kResources];
  const Failure failure = get_rlimits(row.target.pid, limits);
  if (failure.ok()) row.put(Field::rlimits, limits, sizeof limits);
  return failure;
}

Failure RowReader::read_getpgid(Row& row) {
  const pid_t pgid = getpgid(row.target.pid);
  if (pgid < 0) return failure_of(errno, "getpgid");
  row.put(Field::pgid, pgid);
  return {};
}

Failure RowReader::read_getsid(Row& row) {
  const pid_t sid = getsid(row.target.pid);
  if (sid < 0) return failure_of(errno, "getsid");
  row.put(Field::sid, sid);
  return {};
}

Failure RowReader::file(Row& row, const char* name, std::string_view& text) {
  if (row.directory >= 0) return explain(row, root_.read(row.directory, name, text));
  PidPath path(row.target.pid);
  Failure failure = root_.read(root_.fd(), path.file(name), text);
  if (failure.number == ENOENT && has_directory(row.target.pid)) {
    // The process is there, the file was not: it may have begun in between.
    failure = root_.read(root_.fd(), path.file(name), text);
  }
  return explain(row, failure);
}

bool RowReader::has_directory(int32_t pid) {
  PidPath path(pid);
  return faccessat(root_.fd(), path.directory(), F_OK, 0) == 0;
}

// "No such file" has three meanings.
Failure RowReader::explain(const Row& row, Failure failure) {
  if (failure.number != ENOENT) return failure;
  if (row.directory >= 0) {
    std::string_view text;
    return root_.read(row.directory, "stat", text).ok() ? unsupported(failure.syscall) : gone(failure.syscall);
  }
  if (has_directory(row.target.pid)) {
    // Every process here has each of our files: it has ended, and its PID is given out faster than it is looked at.
    return root_.own() ? gone(failure.syscall) : unsupported(failure.syscall);
  }
  if (errno != ENOENT) return failure_of(errno, "access");
  if (!root_.own() || !is_process(row.target.pid)) return gone(failure.syscall);
  // Its PID was given out only now. Else, mounted with hidepid=2 or invisible, /proc denies that other users' processes exist.
  return has_directory(row.target.pid) ? gone(failure.syscall) : failure_of(EACCES, failure.syscall);
}

Failure RowReader::why_missing(const Row& row, Field field) {
  for (size_t i = 0; i < kSourceCount; i++) {
    if ((kSources[i].gives & bit(field)) != 0 && !row.failed[i].ok()) return row.failed[i];
  }
  // The file was read and has no such line. A process that ends loses its umask first.
  if (field == Field::umask && (is_ended(row.state) || root_.tells_umask())) {
    return {Failure::Kind::kZombie, ESRCH, "ESRCH", "read"};
  }
  return unsupported("read");
}

}  // namespace psutil
