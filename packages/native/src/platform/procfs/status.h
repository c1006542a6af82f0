// /proc/PID/status: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html, written by proc_pid_status()
// in the kernel's fs/proc/array.c. A pure function of bytes: it knows no file and runs on every system.
#pragma once

#include <string_view>

#include "core/array.h"
#include "core/field_numbers.h"
#include "core/schema.h"

namespace psutil {

// Bytes, as the members of Field::memoryDetail have them. A kernel thread has none of these lines, and an old kernel lacks some.
struct MemoryLines {
  static constexpr size_t kLines = 12;
  double bytes[kLines] = {};
  uint32_t present = 0;  // a bit each
};

struct StatusText {
  FieldSet present = 0;  // which of the wanted fields stand below
  bool has_state = false;
  // Its parent has waited for it while the kernel wrote this. What belongs to a group of threads reads as 0 then: its
  // process group, session, parent and signals.
  bool reaped = false;
  char state = '\0';         // its letter
  int32_t tgid = 0;          // 0 where the file has no such line
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

// Turns the file's \n and \\ back into what the process is called; false where memory has run out.
bool unescape_name(std::string_view escaped, Array<char>& name);

// The numbers of a Groups line; false where memory has run out.
bool parse_groups(std::string_view line, Array<uint32_t>& groups);

// The processors of a mask: words of 32 bits in hexadecimal, the highest first, with commas between; false where memory has
// run out.
bool parse_cpus(std::string_view mask, Array<uint32_t>& cpus);

// Whether it is the state of a process that has ended.
bool is_ended(char letter);

// False for a letter that the man page does not list.
bool parse_state(char letter, State& state);

}  // namespace psutil
