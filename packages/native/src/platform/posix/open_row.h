// The row of the columns that is being filled: which of its fields are asked for, which have been told, and
// why others could not be. Nothing of a failure reaches the columns before close(), so that a process which
// turns out to be another one leaves no trace.
#pragma once

#include "core/columns.h"

namespace psutil {

class OpenRow {
 public:
  OpenRow(Columns& columns, FieldMask fields) : columns_(columns), missing_(fields & columns.fields()) {
    for (FieldMask others = columns.fields() & ~fields; others != 0; others &= others - 1) {
      columns.put_missing(static_cast<Field>(__builtin_ctz(others)));
    }
  }

  bool wants(Field field) const { return (missing_ & bit(field)) != 0; }

  void put_i32(Field field, int32_t value) {
    if (take(field)) columns_.put_i32(field, value);
  }
  void put_u8(Field field, uint8_t value) {
    if (take(field)) columns_.put_u8(field, value);
  }
  void put_f64(Field field, double value) {
    if (take(field)) columns_.put_f64(field, value);
  }
  void put_entry(Field field, const void* bytes, size_t length) {
    if (take(field)) columns_.put_entry(field, bytes, length);
  }
  void fail(Field field, const Failure& failure) {
    if (!take(field)) return;
    failed_ |= bit(field);
    failures_[static_cast<size_t>(field)] = failure;
  }

  // What nobody has told fails as `rest`.
  void close(const Failure& rest) {
    for (FieldMask fields = missing_; fields != 0; fields &= fields - 1) {
      columns_.fail(static_cast<Field>(__builtin_ctz(fields)), rest);
    }
    for (FieldMask fields = failed_; fields != 0; fields &= fields - 1) {
      const int field = __builtin_ctz(fields);
      columns_.fail(static_cast<Field>(field), failures_[field]);
    }
  }

 private:
  bool take(Field field) {
    const bool wanted = wants(field);
    missing_ &= ~bit(field);
    return wanted;
  }

  Columns& columns_;
  FieldMask missing_;
  FieldMask failed_ = 0;
  Failure failures_[kFieldCount];
};

}  // namespace psutil
