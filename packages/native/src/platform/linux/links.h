// Links beneath a process's directory: where they lead, and whether the kernel has added " (deleted)".
#pragma once

#include <cstdint>
#include <string_view>

#include "core/array.h"
#include "core/failure.h"

namespace psutil {

// What stat(2) returns about a file.
struct FileIdentity {
  uint64_t device;
  uint64_t inode;
  uint64_t size;
  uint32_t mode;
};

// About the file at a path. Follows links. Never asks a file server, because a dead one would block this thread.
bool identify(int directory, const char* path, FileIdentity& identity);

// The target fits, whatever path the kernel returns. A null byte follows it.
Failure read_link(int directory, const char* name, Array<char>& target);

// Whether a path ends in " (deleted)", which the kernel has added or which is part of the name.
bool ends_as_deleted(std::string_view path);

// Removes " (deleted)" from a path, which ends with a null byte, if the kernel has added it: then no path of that name leads
// to the file. `process` is the directory that has `root`. `file` is null if it is unknown. Returns whether it was removed.
bool remove_deleted(int process, const FileIdentity* file, Array<char>& buffer, std::string_view& path);

// The same, by the inode alone.
bool remove_deleted(int process, uint64_t inode, Array<char>& buffer, std::string_view& path);

}  // namespace psutil
