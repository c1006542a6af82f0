// The executable and the working directory. Each is a link.
#include "platform/linux/links.h"

#include <cerrno>

#include "platform/linux/life.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

// The target of a link, and whether it has been deleted.
Failure follow(OpenProcess& row, int directory, const char* name, std::string_view& path, bool& deleted) {
  const Failure failure = read_link(directory, name, row.scratch.link);
  if (!failure.ok()) return failure;
  path = {row.scratch.link.data(), row.scratch.link.size()};
  FileIdentity file;
  const bool known = identify(directory, name, file);
  deleted = remove_deleted(directory, known ? &file : nullptr, row.scratch.path, path);
  return {};
}

// A process without memory has no executable, and a zombie no directory.
bool is_absent(const Failure& failure) { return failure.number == ENOENT || failure.number == ESRCH; }

}  // namespace

Failure put_exe(OpenProcess& row, int directory) {
  std::string_view path;
  bool deleted = false;
  Failure failure = follow(row, directory, "exe", path, deleted);
  const bool absent = is_absent(failure);
  if (absent) failure = why_lacking(row, failure.syscall);
  if (!failure.ok()) return failure;
  if (row.wants(Field::exe)) {
    if (absent) row.put_null(Field::exe);
    else row.put_text(Field::exe, path);
  }
  if (row.wants(Field::exeDeleted)) {
    if (absent) row.put_null(Field::exeDeleted);
    else row.put_bool(Field::exeDeleted, deleted);
  }
  return {};
}

Failure put_cwd(OpenProcess& row, int directory) {
  std::string_view path;
  bool deleted = false;
  Failure failure = follow(row, directory, "cwd", path, deleted);
  if (is_absent(failure)) {
    failure = why_lacking(row, failure.syscall);
    path = "/";
  }
  if (failure.ok()) row.put_text(Field::cwd, path);
  return failure;
}

}  // namespace psutil
