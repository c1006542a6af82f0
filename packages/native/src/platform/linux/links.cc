#include "platform/linux/links.h"

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "platform/shared/errno.h"

namespace psutil {
namespace {

constexpr std::string_view kDeleted = " (deleted)";
constexpr size_t kFirstPath = 4096;
constexpr size_t kMostPath = 1024 * 1024;
constexpr int kDontSync = 0x4000;  // AT_STATX_DONT_SYNC, which old headers lack

// The path as seen from here, and as the process sees it, for example in a container.
template <typename Matches>
bool leads_to(int process, std::string_view path, Array<char>& buffer, Matches matches) {
  if (path.front() != '/') return false;
  FileIdentity found;
  if (identify(AT_FDCWD, path.data(), found) && matches(found)) return true;
  constexpr std::string_view kRoot = "root";
  buffer.recycle();
  return buffer.append(kRoot.data(), kRoot.size()) && buffer.append(path.data(), path.size() + 1) &&
         identify(process, buffer.data(), found) && matches(found);
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

bool ends_as_deleted(std::string_view path) {
  return path.size() > kDeleted.size() && path.substr(path.size() - kDeleted.size()) == kDeleted;
}

bool remove_deleted(int process, const FileIdentity* file, Array<char>& buffer, std::string_view& path) {
  if (!ends_as_deleted(path)) return false;
  const auto is_file = [&](const FileIdentity& found) { return found.inode == file->inode && found.device == file->device; };
  if (file != nullptr && leads_to(process, path, buffer, is_file)) return false;
  path.remove_suffix(kDeleted.size());
  return true;
}

bool remove_deleted(int process, uint64_t inode, Array<char>& buffer, std::string_view& path) {
  if (!ends_as_deleted(path)) return false;
  const auto is_file = [&](const FileIdentity& found) { return found.inode == inode; };
  if (leads_to(process, path, buffer, is_file)) return false;
  path.remove_suffix(kDeleted.size());
  return true;
}

}  // namespace psutil
