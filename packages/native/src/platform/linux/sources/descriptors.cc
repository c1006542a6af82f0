// The open descriptors of a process, and how many there are.
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "platform/linux/life.h"
#include "platform/linux/links.h"
#include "platform/linux/numbered.h"
#include "platform/shared/errno.h"
#include "platform/shared/pid_path.h"
#include "platform/procfs/fdinfo.h"

namespace psutil {
namespace {

// More than the lines that are used take for any descriptor.
constexpr size_t kFdInfo = 1024;
constexpr int kMostTries = 3;

struct Descriptors {
  Descriptors(OpenProcess& read, int beneath)
      : row(read), directory(beneath), links(beneath, "fd", 0, SIZE_MAX, 0),
        infos(open_at(beneath, "fdinfo", O_PATH | O_DIRECTORY | O_CLOEXEC)) {}
  OpenProcess& row;
  const int directory;
  NumberedEntries links;
  const Descriptor infos;
  bool lost_any = false;
};

bool kind_of_link(std::string_view target, FdKind& kind) {
  const auto starts_with = [&](std::string_view start) { return target.substr(0, start.size()) == start; };
  if (starts_with("anon_inode:")) kind = FdKind::kAnon;
  else if (starts_with("socket:[")) kind = FdKind::kSocket;
  else if (starts_with("pipe:[")) kind = FdKind::kPipe;
  else return false;
  return true;
}

FdKind kind_of_file(uint32_t mode) {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return FdKind::kDirectory;
    case S_IFSOCK:
      return FdKind::kSocket;
    case S_IFIFO:
      return FdKind::kPipe;
    case S_IFCHR:
      return FdKind::kChar;
    case S_IFBLK:
      return FdKind::kBlock;
    case S_IFLNK:
      return FdKind::kSymlink;
    case S_IFREG:
      return FdKind::kFile;
    default:
      return FdKind::kAnon;
  }
}

bool read_fdinfo(int directory, const char* name, FdInfo& info) {
  const Descriptor file(open_at(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  char text[kFdInfo];
  const ssize_t length = file.get() < 0 ? -1 : read_some(file.get(), text, sizeof text);
  return length > 0 && parse_fdinfo({text, static_cast<size_t>(length)}, info);
}

// Between the calls a descriptor may be closed and its number reused for another file. Then the link has changed.
bool is_same_link(const Descriptors& fds, const char* name) {
  Array<char>& again = fds.row.scratch.path;
  const Array<char>& before = fds.row.scratch.link;
  return read_link(fds.links.fd(), name, again).ok() &&
         std::string_view(again.data(), again.size()) == std::string_view(before.data(), before.size());
}

// Leaves out descriptors that have been closed meanwhile.
Failure put_descriptor(Descriptors& fds, int32_t number, PackedValue& list) {
  PidPath path(number);
  const char* const name = path.directory();
  for (int tries = 0; tries < kMostTries; tries++) {
    const Failure failure = read_link(fds.links.fd(), name, fds.row.scratch.link);
    if (failure.number == ENOENT || failure.kind == Failure::Kind::kGone) break;
    if (!failure.ok()) return failure;
    std::string_view target(fds.row.scratch.link.data(), fds.row.scratch.link.size());
    FileIdentity file;
    const bool known = identify(fds.links.fd(), name, file);
    FdInfo info;
    const bool has_info = fds.infos.get() >= 0 && read_fdinfo(fds.infos.get(), name, info);
    // Some file systems use another inode number in fdinfo than stat(2) returns.
    const bool differs = known && has_info && info.inode != 0 && info.inode != file.inode;
    if ((!known || !has_info || differs) && !is_same_link(fds, name)) continue;
    FdKind kind;
    if (!kind_of_link(target, kind)) kind = known ? kind_of_file(file.mode) : FdKind::kFile;
    const bool deleted = remove_deleted(fds.directory, known ? &file : nullptr, fds.row.scratch.path, target);
    list.number(number);
    list.number(static_cast<uint8_t>(kind));
    list.text(target);
    list.number(static_cast<uint8_t>(deleted ? 1 : 0));
    list.present(has_info);
    if (has_info) list.number(static_cast<double>(info.position));
    list.present(has_info);
    if (has_info) list.number(info.flags);
    list.present(known);
    if (known) list.number(static_cast<double>(file.inode));
    return {};
  }
  fds.lost_any = true;
  return {};
}

// Since Linux 6.2 the size of `fd` is the number of its entries. Before it was 0, and this process always has some.
bool counts_by_size(OpenProcess& row) {
  int& known = row.scratch.fd_sizes;
  if (known < 0) {
    FileIdentity own;
    known = row.root.is_procfs() && identify(AT_FDCWD, "/proc/self/fd", own) && own.size > 0 ? 1 : 0;
  }
  return known == 1;
}

Failure count_entries(int directory, uint64_t& count) {
  NumberedEntries entries(directory, "fd", 0, SIZE_MAX, 0);
  int32_t number;
  for (count = 0; entries.next(number);) count++;
  return entries.failure();
}

}  // namespace

Failure put_fd(OpenProcess& row, int directory) {
  uint64_t count = 0;
  if (counts_by_size(row)) {
    FileIdentity about;
    if (!identify(directory, "fd", about)) return failure_of(errno, "statx");
    count = about.size;
  } else {
    const Failure failure = count_entries(directory, count);
    if (!failure.ok()) return failure;
  }
  if (count == 0) {
    const Failure failure = why_empty(row, "statx");
    if (!failure.ok()) return failure;
  }
  row.put(Field::fdCount, static_cast<int32_t>(count));
  return {};
}

Failure put_fdinfo(OpenProcess& row, int directory) {
  Descriptors fds(row, directory);
  PackedValue list(row.scratch.packed);
  int32_t number;
  while (fds.links.next(number)) {
    const Failure failure = put_descriptor(fds, number, list);
    if (!failure.ok()) return failure;
  }
  if (!fds.links.failure().ok()) return fds.links.failure();
  if (!list.ok()) return failure_of(ENOMEM, "malloc");
  // A process that is ending closes all descriptors. A process whose main thread has ended is known already.
  if (list.size() == 0 || (fds.lost_any && directory == row.directory)) {
    const Failure failure = why_empty(row, "getdents64");
    if (!failure.ok()) return failure;
  }
  row.put_packed(Field::fds, list);
  return {};
}

}  // namespace psutil
