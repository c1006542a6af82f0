// Links beneath a process's directory: where they lead, and whether the kernel has added " (deleted)".
#pragma once

#include <cstdint>
#include <string_view>

#include "core/array.h"
#include "core/failure.h"

namespace psutil {

// What stat(2) says of a file.
struct FileIdentity {
  uint64_t device;
  uint64_t inode;
  uint64_t size;
  uint32_t mode;
};

// Of the file behind a path, links followed. Never asks a file server: one that is dead would hold this thread.
bool identify(int directory, const char* path, FileIdentity& identity);

// Up to the length of any path that the kernel returns. There is a null byte behind the target.
Failure read_link(int directory, const char* name, Array<char>& target);

// Whether a path ends in " (deleted)", be it the kernel's or its own.
bool ends_as_deleted(std::string_view path);

// Removes that from a path that a null byte ends, where it is the kernel's: no path of that name leads to the file.
// `process` is the directory beneath which `root` is, and `file` null where it is not known. Returns whether it did.
bool remove_deleted(int process, const FileIdentity* file, Array<char>& buffer, std::string_view& path);

// The same by the inode alone.
bool remove_deleted(int process, uint64_t inode, Array<char>& buffer, std::string_view& path);

}  // namespace psutil
