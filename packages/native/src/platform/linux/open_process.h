// The process that is being read: its open files, and what has been read of it.
#pragma once

#include <cerrno>
#include <optional>

#include "core/array.h"
#include "core/field_numbers.h"
#include "core/packed_value.h"
#include "core/table_builder.h"
#include "platform/linux/blocking_reads.h"
#include "platform/linux/pidfd.h"
#include "platform/linux/proc_root.h"
#include "platform/linux/sockets.h"
#include "platform/linux/source_failures.h"
#include "platform/linux/source_table.h"
#include "platform/linux/terminal_names.h"
#include "platform/linux/user_names.h"
#include "platform/backend.h"
#include "platform/procfs/life.h"
#include "platform/procfs/status.h"
#include "platform/procfs/status_value.h"

namespace psutil {

struct Rest;

// A descriptor that is a socket.
struct SocketDescriptor {
  uint64_t inode;
  int32_t number;
};

// What a thread keeps between reads: buffers, names and plans.
struct Scratch {
  explicit Scratch(double stall_timeout = kDefaultStallTimeout) : blocking(stall_timeout) {}
  SourcePlanner planner{kSources, kSourceCount};
  Array<char> name;
  Array<uint32_t> groups;
  Array<uint8_t> packed;  // the bytes of a PackedValue
  Array<char> link;
  Array<char> program;  // see program.h
  Array<char> path;
  Array<char> lines;
  int fd_sizes = -1;  // whether the size of `fd` is its number of entries; -1: not yet known
  TerminalNames terminals;
  UserNames users;
  Sockets sockets;
  Array<SocketDescriptor> socket_descriptors;
  BlockingReads blocking;
};

struct OpenProcess {
  OpenProcess(const ProcessRef& meant, FieldSet wanted, TableBuilder& filled, Scratch& kept, ProcRoot& from)
      : target(meant), fields(wanted), table(filled), scratch(kept), root(from) {}

  bool wants(Field field) const { return (missing() & bit(field)) != 0; }
  bool has(Field field) const { return (got & bit(field)) != 0; }
  FieldSet missing() const { return fields & ~got; }

  void put(Field field, int32_t value) {
    table.put_i32(field, value);
    got |= bit(field);
  }
  void put(const FieldNumbers& numbers, FieldSet wanted) {
    const FieldSet found = numbers.present() & wanted;
    for_each(found, [&](Field field) { table.put_integer(field, numbers.bits(field)); });
    got |= found;
  }
  void put_f64(Field field, double value) {
    table.put_f64(field, value);
    got |= bit(field);
  }
  void put_enum(Field field, uint8_t value) {
    table.put_enum(field, value);
    got |= bit(field);
  }
  void put_bool(Field field, bool value) {
    table.put_bool(field, value);
    got |= bit(field);
  }
  void put_text(Field field, std::string_view text) { put(field, text.data(), text.size()); }
  // The process has no such value.
  void put_null(Field field) {
    table.put_null(field);
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
  // A list of texts or of structs.
  Failure put(Field field, const PackedValue& value) {
    if (!value.ok()) return {Failure::Kind::kSystem, ENOMEM, "ENOMEM", "malloc"};
    put(field, value.data(), value.size());
    return {};
  }
  void put_packed(Field field, const PackedValue& value) { put(field, value.data(), value.size()); }
  void put_state(char letter) {
    State state_of_letter;
    if (!parse_state(letter, state_of_letter)) return;
    table.put_enum(Field::state, static_cast<uint8_t>(state_of_letter));
    got |= bit(Field::state);
  }

  const ProcessRef& target;
  const FieldSet fields;
  TableBuilder& table;
  Scratch& scratch;
  ProcRoot& root;

  // The directory of the process. Everything is read beneath it if the row is bound to a start.
  int directory = -1;
  // Otherwise its first file, which is read last, or a pidfd if all sources are system calls. While one of them shows that the
  // parent has not waited for the process, no other process has had its number since that was opened.
  std::optional<Descriptor> file;
  std::optional<Pidfd> pidfd;
  SourceSet unread = 0;  // the source of the file, until it is read
  Source of_file = Source::kStat;
  // Whether something was read by the number after the file was.
  bool is_doubtful = false;

  FieldSet got = 0;
  SourceSet tried = 0;
  SourceFailures failures;
  char state = '\0';
  Life life = Life::kUnknown;  // see life_of()
  bool lacks_memory = false;   // its `statm` is zero
  int32_t threads = 0;
  bool is_stalled = false;  // a read of it has not ended
  double serial = 0;  // the fraction of its start
  bool is_sampled = false;  // see ReadRequest
  uint64_t ticks_used = 0;  // of a processor, where `stat` was read for them
  // Where a sampler finds out whether it runs, see rest.h.
  Rest* rest = nullptr;
  uint64_t processor_time = 0;  // before `stat` was read
  std::optional<Descriptor> statm;
};

}  // namespace psutil
