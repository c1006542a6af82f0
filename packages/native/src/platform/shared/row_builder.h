// The open row of a table: which fields are requested, which have been read, and why others failed. Failures are put into the
// table by finish(), so that a process which turns out to be another one leaves no trace.
#pragma once

#include "core/table_builder.h"

namespace psutil {

class RowBuilder {
 public:
  RowBuilder(TableBuilder& table, FieldSet fields) : table_(table), missing_(fields & table.fields()) {
    for (FieldSet others = table.fields() & ~fields; others != 0; others &= others - 1) {
      table.put_null(static_cast<Field>(__builtin_ctzll(others)));
    }
  }

  bool wants(Field field) const { return (missing_ & bit(field)) != 0; }

  void put_i32(Field field, int32_t value) {
    if (take(field)) table_.put_i32(field, value);
  }
  void put_enum(Field field, uint8_t value) {
    if (take(field)) table_.put_enum(field, value);
  }
  void put_f64(Field field, double value) {
    if (take(field)) table_.put_f64(field, value);
  }
  void put_variable(Field field, const void* bytes, size_t length) {
    if (take(field)) table_.put_variable(field, bytes, length);
  }
  void put_struct(Field field, const void* members) {
    if (take(field)) table_.put_struct(field, members);
  }
  void fail(Field field, const Failure& failure) {
    if (!take(field)) return;
    failed_ |= bit(field);
    failures_[static_cast<size_t>(field)] = failure;
  }

  // Every field that is still missing fails with `default_failure`.
  void finish(const Failure& default_failure) {
    for (FieldSet fields = missing_; fields != 0; fields &= fields - 1) {
      table_.fail(static_cast<Field>(__builtin_ctzll(fields)), default_failure);
    }
    for (FieldSet fields = failed_; fields != 0; fields &= fields - 1) {
      const int field = __builtin_ctzll(fields);
      table_.fail(static_cast<Field>(field), failures_[field]);
    }
  }

 private:
  bool take(Field field) {
    const bool wanted = wants(field);
    missing_ &= ~bit(field);
    return wanted;
  }

  TableBuilder& table_;
  FieldSet missing_;
  FieldSet failed_ = 0;
  Failure failures_[kFieldCount];
};

}  // namespace psutil
