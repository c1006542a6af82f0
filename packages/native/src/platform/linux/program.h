// Which program a process runs, while a row of it is read: a process that executes another one meanwhile would have the
// path of one and the arguments of the other.
#pragma once

#include "platform/linux/open_process.h"

namespace psutil {

// The row is read between the two.
class ProgramCheck {
 public:
  explicit ProgramCheck(OpenProcess& row) : row_(row), checks_(row.directory >= 0 && is_needed(row.fields)) {
    if (checks_) begin();
  }
  // Whether a row of these fields has to be checked. Then nothing of it may be read ahead either.
  static bool is_needed(FieldSet fields) { return (fields & kPath) != 0 && (fields & kBesidePath) != 0; }
  // Whether the process has executed another program since. False where the fields are not of a program, or not several.
  // A row of a `Process` is compared by where its stack begins too, which the kernel chooses anew for each program: one that
  // has executed two programs meanwhile may have the first one's path again.
  bool has_changed() { return checks_ && is_another(); }

 private:
  static constexpr FieldSet kPath = bit(Field::exe) | bit(Field::exeDeleted);
  static constexpr FieldSet kBesidePath =
      bit(Field::name) | bit(Field::cmdline) | bit(Field::environ) | bit(Field::memoryMaps);

  void begin();
  bool is_another();
  uint64_t stack();

  OpenProcess& row_;
  const bool checks_;
  uint64_t stack_ = 0;
};

}  // namespace psutil
