// /proc/PID/status: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html, written by proc_pid_status()
// in the kernel's fs/proc/array.c. A pure function of bytes: it knows no file and runs on every system.
#pragma once

#include <string_view>

#include "core/array.h"
#include "core/field_numbers.h"
#include "core/schema.h"

namespace psutil {

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
};

// Where the wanted lines stood in the last file. Between NSsid and Threads lie some twenty lines that
// no field needs, as long in one process as in the next: the parser looks where Threads should be and
// walks only where it is not there.
struct StatusLayout {
  size_t gap = 0;
};

StatusText parse_status(std::string_view text, FieldSet wanted, StatusLayout& layout);

// Turns the file's \n and \\ back into what the process is called; false where memory has run out.
bool unescape_name(std::string_view escaped, Array<char>& name);

// The numbers of a Groups line; false where memory has run out.
bool parse_groups(std::string_view line, Array<uint32_t>& groups);

// Whether it is the state of a process that has ended.
bool is_ended(char letter);

// False for a letter that the man page does not list.
bool parse_state(char letter, State& state);

}  // namespace psutil
