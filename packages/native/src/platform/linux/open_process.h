// The process that is being read: what has been read of it, and what holds it meanwhile.
#pragma once

#include <optional>

#include "core/table_builder.h"
#include "platform/linux/pidfd.h"
#include "platform/linux/planner.h"
#include "platform/linux/status.h"
#include "platform/platform.h"

namespace psutil {

struct OpenProcess {
  OpenProcess(const Target& meant, FieldSet wanted, TableBuilder& filled) : target(meant), fields(wanted), table(filled) {}

  bool wants(Field field) const { return (fields & bit(field)) != 0 && (got & bit(field)) == 0; }
  bool has(Field field) const { return (got & bit(field)) != 0; }
  void put(Field field, int32_t value) {
    table.put_i32(field, value);
    got |= bit(field);
  }
  void put_struct(Field field, const void* members) {
    table.put_struct(field, members);
    got |= bit(field);
  }
  void put(Field field, const void* bytes, size_t length) {
    table.put_variable(field, bytes, length);
    got |= bit(field);
  }

  void put_state(char letter) {
    State state_of_letter;
    if (!parse_state(letter, state_of_letter)) return;
    table.put_enum(Field::state, static_cast<uint8_t>(state_of_letter));
    got |= bit(Field::state);
  }

  const Target& target;
  const FieldSet fields;
  TableBuilder& table;

  // Beneath which all is read, where the row is of a Process.
  int directory = -1;
  // Else its first file, which is read last, or where there is none a pidfd. As long as either shows that the process has
  // not been waited for, its number was nobody else's since that was opened.
  std::optional<Descriptor> file;
  std::optional<Pidfd> pidfd;
  SourceMask unread = 0;  // of which the file is, until it is read
  // Something was read by the number since the file was.
  bool is_doubtful = false;

  FieldSet got = 0;
  SourceMask tried = 0;
  Failure failed[kSourceCount];
  char state = '\0';
  int32_t threads = 0;
  double serial = 0;  // behind the point of its start
};

}  // namespace psutil
