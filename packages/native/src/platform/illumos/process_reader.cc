#include "platform/illumos/process_reader.h"

#include <unistd.h>

#include <cerrno>

#include "platform/illumos/owner.h"
#include "platform/shared/errno.h"
#include "platform/shared/rlimit.h"

namespace psutil {
namespace {

Failure zombie() { return {Failure::Kind::kZombie, gone("").number, gone("").code, "open"}; }

bool is_bound(const ProcessRef& target) { return target.is_bound(); }

}  // namespace

bool ProcessReader::is_own(int32_t pid) const { return root_.own() && pid == getpid(); }

FieldSet ProcessReader::provided(const ReadRequest& request) {
  if (!request.whole_sources) return request.fields;
  bool bound = false;
  for (size_t i = 0; i < request.count; i++) {
    bound = bound || (request.starts != nullptr && is_bound({request.pids[i], request.starts[i]}));
  }
  return request.fields | provides(plan(request.fields, bound));
}

bool ProcessReader::read(const ProcessRef& target, FieldSet fields, TableBuilder& table) {
  RowBuilder row(table, fields);
  const Failure failure = target.pid < 0 ? gone("open") : fill(target, fields, row);
  if (!failure.ok()) {
    table.fail_row(failure);
    return failure.kind != Failure::Kind::kGone;
  }
  row.fail(Field::rlimits, unsupported("getrlimit"));
  row.finish(unsupported("read"));
  return true;
}

// Returns the failure of the whole row, or none. The failure of a field is put in the row.
Failure ProcessReader::fill(const ProcessRef& target, FieldSet fields, RowBuilder& row) {
  const bool own = is_own(target.pid);
  SourceMask sources = plan(fields, is_bound(target));
  ProcessFiles files(root_, target.pid);
  // Of two files opened by path, the second may be of another process that now has the PID.
  const bool several = (sources & (sources - 1)) != 0;
  const Failure locked = several ? files.open() : Failure{};
  if (locked.number == ENOENT) return gone("open");
  if (!locked.ok() && locked.kind != Failure::Kind::kDenied) return locked;
  // psinfo shows whether it is a zombie. A zombie's fields are lost rather than denied.
  if (!locked.ok()) sources |= bit(Source::kPsinfo);

  if ((sources & bit(Source::kPsinfo)) != 0) {
    psinfo_t info;
    const Failure failure = psinfo(files, target, info);
    if (!failure.ok()) return failure;
    put_psinfo(info, row);
    if (is_zombie(info)) {
      for (FieldSet lost = kPsinfoFields | kCredFields | kSignalFields; lost != 0; lost &= lost - 1) {
        row.fail(static_cast<Field>(__builtin_ctzll(lost)), zombie());
      }
    }
  }
  // If the directory is denied, so are the owner's files: opened by path, they could be another process's.
  if (row.wants(Field::sigmasks)) {
    SignalSets sets = {};
    const Failure failure = locked.ok() ? signals(files, sets) : locked;
    if (failure.kind == Failure::Kind::kGone) return failure;
    if (failure.ok()) row.put_variable(Field::sigmasks, &sets, sizeof sets);
    row.fail(Field::sigmasks, failure);
  }
  if (own && (fields & kCredFields) == bit(Field::groups)) own_groups(row);
  if (row.wants(Field::uids) || row.wants(Field::gids) || row.wants(Field::groups)) {
    const Failure failure = locked.ok() ? cred(files) : locked;
    if (failure.kind == Failure::Kind::kGone) return failure;
    if (failure.ok()) put_cred(scratch_, row);
    // A caller that has changed its user still reads its own groups.
    else if (own && row.wants(Field::groups)) own_groups(row);
    for (FieldSet left = kCredFields; left != 0; left &= left - 1) {
      row.fail(static_cast<Field>(__builtin_ctzll(left)), failure);
    }
  }
  if (own && row.wants(Field::rlimits)) own_limits(row);
  return {};
}

Failure ProcessReader::psinfo(const ProcessFiles& files, const ProcessRef& target, psinfo_t& info) {
  count(Source::kPsinfo);
  const Failure failure = read_psinfo(files, info);
  if (failure.number == ENOENT) return gone("open");
  if (!failure.ok() || !is_bound(target)) return failure;
  // A zombie has no start. Either this is the process and it has ended, or the process had the PID before.
  return is_zombie(info) || start_of(info) != target.start ? gone("open") : Failure{};
}

// Reads one of the files that only the owner may read, and explains its absence.
template <typename Read>
Failure ProcessReader::owners_file(const ProcessFiles& files, Source source, Read read) {
  count(source);
  Failure failure = read();
  // EAGAIN: the process has begun to run a program as another user.
  if (failure.number != ENOENT && failure.number != EAGAIN) return failure;
  psinfo_t info;
  count(Source::kPsinfo);
  const Failure found = read_psinfo(files, info);
  if (found.number == ENOENT) return gone("open");
  if (!found.ok()) return found;
  if (is_zombie(info)) return zombie();
  // The process may have begun between the two reads.
  count(source);
  failure = read();
  if (failure.number != ENOENT) return failure;
  // Either the process is ending, or this is not a procfs and lacks the file.
  return root_.own() ? zombie() : unsupported("open");
}

Failure ProcessReader::signals(const ProcessFiles& files, SignalSets& sets) {
  const Failure failure = owners_file(files, Source::kStatus, [&] { return read_status(files, sets); });
  return failure.ok() ? owners_file(files, Source::kSigact, [&] { return read_sigact(files, sets); }) : failure;
}

Failure ProcessReader::cred(const ProcessFiles& files) {
  return owners_file(files, Source::kCred, [&] { return read_cred(files, scratch_); });
}

void ProcessReader::own_groups(RowBuilder& row) {
  count(Source::kGetgroups);
  const Failure failure = read_own_groups(scratch_);
  if (failure.ok()) row.put_variable(Field::groups, scratch_.data(), scratch_.size());
  row.fail(Field::groups, failure);
}

void ProcessReader::own_limits(RowBuilder& row) {
  count(Source::kGetrlimit);
  row.fail(Field::rlimits, put_own_rlimits(row));
}

Failure ProcessReader::find(const ProcessRef& target, psinfo_t& info) {
  if (target.pid < 0) return gone("open");
  return psinfo(ProcessFiles(root_, target.pid), target, info);
}

Failure set_rlimit(ProcessReader& reader, const ProcessRef& target, int32_t resource, const Limit& limit, Limit& before) {
  psinfo_t info;
  const Failure failure = reader.find(target, info);
  if (!failure.ok()) return failure;
  // The caller's own PID cannot be reused while the caller runs.
  if (reader.is_own(target.pid)) return set_own_rlimit(resource, limit, before);
  return is_zombie(info) ? zombie() : unsupported("setrlimit");
}

}  // namespace psutil
