#include "platform/linux/links.h"

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "platform/posix/failure.h"

namespace psutil {
namespace {

constexpr std::string_view kDeleted = " (deleted)";
constexpr size_t kFirstPath = 4096;
constexpr size_t kMostPath = 1024 * 1024;
constexpr int kDontSync = 0x4000;  // AT_STATX_DONT_SYNC, which old headers lack

bool is_file(int directory, const char* path, const FileIdentity& file) {
  FileIdentity found;
  return identify(directory, path, found) && found.inode == file.inode && found.device == file.device;
}

}  // namespace

bool identify(int directory, const char* path, FileIdentity& identity) {
  struct statx about;
  constexpr unsigned kWanted = STATX_TYPE | STATX_MODE | STATX_INO | STATX_SIZE;
  if (syscall(SYS_statx, directory, path, kDontSync, kWanted, &about) != 0) return false;
  identity = {uint64_t{about.stx_dev_major} << 32 | about.stx_dev_minor, about.stx_ino, about.stx_size, about.stx_mode};
  return true;
}

Failure read_link(int directory, const char* name, Array<char>& target) {
  target.recycle();
  for (size_t room = kFirstPath; room <= kMostPath; room *= 2) {
    if (!target.reserve(room)) return failure_of(ENOMEM, "malloc");
    const ssize_t length = readlinkat(directory, name, target.data(), room);
    if (length < 0) return failure_of(errno, "readlink");
    if (static_cast<size_t>(length) == room) continue;
    target.resize(static_cast<size_t>(length));
    target.data()[length] = '\0';
    return {};
  }
  return failure_of(ENAMETOOLONG, "readlink");
}

bool remove_deleted(int process, const FileIdentity* file, Array<char>& buffer, std::string_view& path) {
  if (path.size() <= kDeleted.size() || path.substr(path.size() - kDeleted.size()) != kDeleted) return false;
  if (file != nullptr && path.front() == '/') {
    // As it is called here, and as it is called where the process lives: in a container, say.
    if (is_file(AT_FDCWD, path.data(), *file)) return false;
    constexpr std::string_view kRoot = "root";
    buffer.recycle();
    if (buffer.append(kRoot.data(), kRoot.size()) && buffer.append(path.data(), path.size() + 1) &&
        is_file(process, buffer.data(), *file)) {
      return false;
    }
  }
  path.remove_suffix(kDeleted.size());
  return true;
}

}  // namespace psutil
