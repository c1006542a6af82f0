// /proc/PID/status: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html, written by proc_pid_status()
// in the kernel's fs/proc/array.c. A pure function of bytes: it knows no file and runs on every system.
#pragma once

#include <string_view>

#include "core/array.h"
#include "core/field_numbers.h"
#include "core/schema.h"

namespace psutil {

// The members of Field::memoryDetail, in bytes. A kernel thread has none of these lines, and an old kernel lacks some.
struct MemoryLines {
  static constexpr size_t kLines = 12;
  double bytes[kLines] = {};
  uint32_t present = 0;  // a bit for each member
};

struct StatusText {
  FieldSet present = 0;  // the wanted fields that have been read
  bool has_state = false;
  // The parent has waited for the process while the kernel wrote this text. Then the values of the group of threads are 0:
  // process group, session, parent and signals.
  bool reaped = false;
  char state = '\0';         // the letter
  int32_t tgid = 0;          // 0 if the file has no such line
  FieldNumbers numbers;
  uint32_t uids[3] = {};
  uint32_t gids[3] = {};
  std::string_view name;     // as in the file: with \n and \\ escaped
  std::string_view groups;   // as in the file
  SignalSets signals = {};
  MemoryLines memory;
  uint64_t capabilities[5] = {};  // as Field::capabilities has them
  bool no_new_privs = false;
  uint32_t seccomp = 0;
  double switches[2] = {};           // voluntary, involuntary
  std::string_view cpus;             // the mask of Cpus_allowed, as in the file
};

StatusText parse_status(std::string_view text, FieldSet wanted);

}  // namespace psutil
