#include "platform/linux/sources/status.h"

#include <cerrno>

#include "platform/shared/errno.h"

namespace psutil {
namespace {

// A process that has ended has given its memory back, and a kernel thread has none of its own.
void put_memory(OpenProcess& row, const StatusText& status) {
  const MemoryLines& memory = status.memory;
  if (memory.present == 0) {
    if (!is_ended(status.state)) row.put_null(Field::memoryDetail);
    return;
  }
  row.put_struct(Field::memoryDetail, memory.bytes);
  for (size_t i = 0; i < MemoryLines::kLines; i++) {
    if ((memory.present >> i & 1) == 0) row.table.put_null_member(Field::memoryDetail, i);
  }
}

void put_username(OpenProcess& row, uint32_t uid) {
  char digits[16];
  row.put_text(Field::username, row.root.has_own_users() ? row.scratch.users.name_of(uid) : number_of_user(uid, digits));
}

}  // namespace

Failure put_status(OpenProcess& row, std::string_view text) {
  const FieldSet wanted = row.missing() & row_of(Source::kStatus).provides;
  const StatusText status = parse_status(text, wanted);
  if (status.tgid != 0 && status.tgid != row.target.pid) return gone("open");  // a thread's id
  if (status.reaped) return gone("read");
  row.state = status.state;
  row.threads = status.numbers.i32(Field::threads);
  return put_status_fields(row, status, wanted);
}

Failure put_status_fields(OpenProcess& row, const StatusText& status, FieldSet wanted) {
  const FieldSet present = status.present & wanted;
  row.put(status.numbers, wanted);
  if (present & bit(Field::uids)) row.put_struct(Field::uids, status.uids);
  if (present & bit(Field::username)) put_username(row, status.uids[1]);
  if (present & bit(Field::gids)) row.put_struct(Field::gids, status.gids);
  if (present & bit(Field::sigmasks)) row.put(Field::sigmasks, &status.signals, sizeof status.signals);
  if (present & bit(Field::state)) row.put_state(status.state);
  if (present & bit(Field::memoryDetail)) put_memory(row, status);
  if (present & bit(Field::capabilities)) row.put_struct(Field::capabilities, status.capabilities);
  if (present & bit(Field::noNewPrivs)) row.put_bool(Field::noNewPrivs, status.no_new_privs);
  if (present & bit(Field::seccomp) && status.seccomp <= static_cast<uint32_t>(Seccomp::kFilter)) {
    row.put_enum(Field::seccomp, static_cast<uint8_t>(status.seccomp));
  }
  if (present & bit(Field::contextSwitches)) row.put_struct(Field::contextSwitches, status.switches);
  if (present & bit(Field::affinity)) {
    Array<uint32_t>& cpus = row.scratch.groups;
    if (!parse_cpus(status.cpus, cpus)) return failure_of(ENOMEM, "malloc");
    row.put(Field::affinity, cpus.data(), cpus.size() * sizeof(uint32_t));
  }
  if (present & bit(Field::name)) {
    Array<char>& name = row.scratch.name;
    if (!unescape_name(status.name, name)) return failure_of(ENOMEM, "malloc");
    row.put(Field::name, name.data(), name.size());
  }
  if (present & bit(Field::groups)) {
    Array<uint32_t>& groups = row.scratch.groups;
    if (!parse_groups(status.groups, groups)) return failure_of(ENOMEM, "malloc");
    row.put(Field::groups, groups.data(), groups.size() * sizeof(uint32_t));
  }
  return {};
}

}  // namespace psutil
