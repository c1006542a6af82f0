#include "platform/linux/sources/status.h"

#include <cerrno>

#include "platform/shared/errno.h"

namespace psutil {

Failure put_status(OpenProcess& row, std::string_view text) {
  const FieldSet wanted = row.missing() & row_of(Source::kStatus).provides;
  const StatusText status = parse_status(text, wanted, row.scratch.layout);
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
  if (present & bit(Field::gids)) row.put_struct(Field::gids, status.gids);
  if (present & bit(Field::sigmasks)) row.put(Field::sigmasks, &status.signals, sizeof status.signals);
  if (present & bit(Field::state)) row.put_state(status.state);
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
