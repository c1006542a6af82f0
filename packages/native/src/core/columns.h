// What a read fills: a column a field, a row a process. Storage is kept between reads, so that a scan
// allocates nothing for a row.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/array.h"
#include "core/dictionary.h"
#include "core/failure.h"
#include "core/field.h"

namespace psutil {

// A failure of one field of one row, or of the whole row.
struct FailureRecord {
  static constexpr int32_t kWholeRow = -1;
  int32_t row;
  int32_t field;
  int32_t kind;
  int32_t number;
  int32_t code;     // position in Columns::texts()
  int32_t syscall;  // the same
};

class Columns {
 public:
  // Makes room for `capacity` rows of these fields; false where memory has run out.
  bool begin(FieldMask fields, size_t capacity);
  // Makes room for another number of rows, where nobody knew how many there are; false where memory has run out.
  bool refit(size_t capacity);

  // A row is opened, each of its fields is put or failed, and then it is kept or dropped.
  void open_row(int32_t pid);
  void keep_row() {
    rows_++;
    taken_++;
  }
  void drop_row();

  void put_i32(Field field, int32_t value) { at<int32_t>(field) = value; }
  void put_u8(Field field, uint8_t value) { at<uint8_t>(field) = value; }
  void put_f64(Field field, double value) { at<double>(field) = value; }
  void put_entry(Field field, const void* bytes, size_t length);
  void put_missing(Field field);
  void fail(Field field, const Failure& failure);
  // The value stays for who compares it; what it stands for cannot be said.
  void fail_but_keep(Field field, const Failure& failure) { record(static_cast<int32_t>(field), failure); }
  void fail_row(const Failure& failure);
  // There are no rows at all: what would have told which processes there are has failed.
  void refuse(const Failure& failure) { refused_ = failure; }
  // The PID from which the rest is to be read; below 0 where there is none.
  void set_next(int32_t next) { next_ = next; }

  FieldMask fields() const { return fields_; }
  size_t rows() const { return rows_; }
  size_t capacity() const { return capacity_; }
  // How many of the PIDs asked for have been read, gone ones among them.
  size_t taken() const { return taken_; }
  int32_t next() const { return next_; }
  bool out_of_memory() const { return out_of_memory_; }
  const Failure& refused() const { return refused_; }
  const Array<uint8_t>& storage() const { return storage_; }
  size_t pid_offset() const { return 0; }
  size_t offset(Field field) const { return offsets_[static_cast<size_t>(field)]; }
  const Dictionary& dictionary(Field field) const { return dictionaries_[static_cast<size_t>(field)]; }
  const Array<FailureRecord>& failures() const { return failures_; }
  const Array<const char*>& texts() const { return texts_; }

 private:
  template <typename T>
  T& at(Field field) {
    return reinterpret_cast<T*>(storage_.data() + offset(field))[rows_];
  }
  size_t lay_out(size_t capacity);
  void record(int32_t field, const Failure& failure);
  int32_t text(const char* text);

  FieldMask fields_ = 0;
  size_t rows_ = 0;
  size_t capacity_ = 0;
  size_t taken_ = 0;
  int32_t next_ = -1;
  bool out_of_memory_ = false;
  Failure refused_;
  Array<uint8_t> storage_;
  size_t offsets_[kFieldCount] = {};
  Dictionary dictionaries_[kFieldCount];
  Array<FailureRecord> failures_;
  Array<const char*> texts_;
};

}  // namespace psutil
