#include "platform/kinfo/kinfo.h"

#include <cerrno>

#include "platform/shared/errno.h"

namespace psutil {

void put_kinfo(const Kinfo& info, int64_t boot, RowBuilder& row) {
  for_each(info.present, [&](Field field) {
    switch (field) {
      case Field::name:
        row.put_variable(field, info.name, info.name_length);
        break;
      case Field::ppid:
        row.put_i32(field, info.ppid);
        break;
      case Field::state:
        row.put_enum(field, static_cast<uint8_t>(info.state));
        break;
      case Field::uids:
        row.put_struct(field, info.uids);
        break;
      case Field::gids:
        row.put_struct(field, info.gids);
        break;
      case Field::groups:
        row.put_variable(field, info.groups, info.group_count * sizeof info.groups[0]);
        break;
      case Field::sigmasks:
        row.put_variable(field, &info.sigmasks, sizeof info.sigmasks);
        break;
      case Field::pgid:
        row.put_i32(field, info.pgid);
        break;
      case Field::sid:
        row.put_i32(field, info.sid);
        break;
      case Field::threads:
        row.put_i32(field, info.threads);
        break;
      case Field::startTime:
        row.put_f64(field, start_of(info, boot));
        break;
      // A Kinfo holds nothing else: a field marked as read that has no place in it is a mistake.
      default:
        break;
    }
  });
  for_each(info.failed, [&](Field field) { row.fail(field, info.failure); });
}

void fail_absent(const Kinfo& info, FieldSet fields, RowBuilder& row) {
  Failure failure = unsupported("sysctl");
  if (info.is_zombie()) {
    failure = zombie("sysctl");
  } else if (!info.has(Field::startTime)) {
    // It is about to run another program, or to end: the kernel does not show it at that moment.
    failure = failure_of(EBUSY, "sysctl");
  }
  for_each(fields & ~info.present, [&](Field field) { row.fail(field, failure); });
}

}  // namespace psutil
