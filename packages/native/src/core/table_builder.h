// The table that a read fills: a row for each process, and columns for each field. Storage is kept between reads, so a scan
// allocates nothing for a row.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/array.h"
#include "core/dictionary.h"
#include "core/failure.h"
#include "core/schema.h"

namespace psutil {

// A failure of one field of one row, or of the whole row.
struct FailureRecord {
  static constexpr int32_t kWholeRow = -1;
  int32_t row;
  int32_t field;
  int32_t kind;
  int32_t number;
  int32_t code;     // position in TableBuilder::texts()
  int32_t syscall;  // the same
};

class TableBuilder {
 public:
  // Makes room for `capacity` rows of these fields. Returns false if memory has run out.
  bool begin(FieldSet fields, size_t capacity);
  // For a begin() that cannot know how many rows there will be: as many as last, and at most `max`.
  size_t usual_rows(size_t max) const;
  // The bytes after which a table takes no more rows, from the next begin() on.
  void set_max_bytes(size_t max) { max_bytes_ = max; }
  static constexpr size_t kMaxBytes = size_t{1} << 20;
  // Makes room for so many rows, if begin() could not know how many. Returns false if memory has run out.
  bool refit(size_t capacity);

  // A row is opened. Then each of its fields is put, or fails. Then the row is kept or dropped.
  void open_row(int32_t pid) { reinterpret_cast<int32_t*>(storage_.data())[rows_] = pid; }
  void keep_row() {
    rows_++;
    taken_++;
  }
  void drop_row();
  // Takes back what these fields of the open row were put or failed with, so that they are read once more.
  void clear_row(FieldSet fields);
  // A read of the open row's process has not ended: it is to be read again.
  void note_stalled();
  // Leaves out rows. `keeps` has a byte for each row, 0 to leave it out.
  void keep_only(const uint8_t* keeps);

  // One function for each logical type. A struct is its members in the layout of C.
  void put_bool(Field field, bool value) { fixed<uint8_t>(field, value ? 1 : 0); }
  void put_enum(Field field, uint8_t value) { fixed(field, value); }
  void put_i32(Field field, int32_t value) { fixed(field, value); }
  void put_u32(Field field, uint32_t value) { fixed(field, value); }
  void put_i64(Field field, int64_t value) { fixed(field, value); }
  void put_u64(Field field, uint64_t value) { fixed(field, value); }
  void put_f64(Field field, double value) { fixed(field, value); }
  // A number of any of the four integer types: the lowest bytes are taken.
  void put_integer(Field field, uint64_t bits) {
    if (kColumnWidths[row_of(field).first] == 4) return fixed(field, static_cast<uint32_t>(bits));
    fixed(field, bits);
  }
  void put_struct(Field field, const void* members);
  // Text, bytes, and lists: the bytes of PackedValue, or an array of numbers.
  void put_variable(Field field, const void* bytes, size_t length);
  // The value is null, and that is not a failure.
  void put_null(Field field);
  // The same for one member of a struct that has been put.
  void put_null_member(Field field, size_t member) { set_null(row_of(field).first + member); }

  void fail(Field field, const Failure& failure);
  // The value is missing, but its number is kept for comparisons: it identifies a value that cannot be returned.
  void fail_but_keep(Field field, const Failure& failure);
  void fail_row(const Failure& failure);
  // The table has no rows, because the call that lists the processes has failed.
  void refuse(const Failure& failure) { refused_ = failure; }
  // The PID from which the rest must be read; below 0 if there is no rest.
  void set_next(int32_t next) { next_ = next; }

  FieldSet fields() const { return fields_; }
  size_t rows() const { return rows_; }
  size_t capacity() const { return capacity_; }
  // How many of the requested PIDs have been read, including those of processes that are gone.
  size_t taken() const { return taken_; }
  // Whether the table takes no more rows, because it has reached its bound in bytes. The row that reaches the bound is kept,
  // so every table takes at least one.
  bool is_full() const { return bytes() >= max_bytes_; }
  // About as many bytes as the frame will have.
  size_t bytes() const { return rows_ * row_bytes_ + variable_bytes_ + failures_.size() * sizeof(FailureRecord); }
  int32_t next() const { return next_; }
  bool out_of_memory() const { return out_of_memory_; }
  // Bytes that are kept for columns of numbers.
  size_t allocated() const { return storage_.capacity(); }
  const Failure& refused() const { return refused_; }

  const int32_t* pids() const { return reinterpret_cast<const int32_t*>(storage_.data()); }
  // The numbers of a column, of kColumnWidths bytes each; of a variable field they are dictionary codes.
  const uint8_t* column(size_t column) const { return storage_.data() + offsets_[column]; }
  // A bit for each row that is set if the row has a value; null if no value is missing. Rows past its end have values.
  const Array<uint8_t>* validity(size_t column) const { return nulls_[column] > 0 ? &validity_[column] : nullptr; }
  const Dictionary& dictionary(Field field) const { return dictionaries_[static_cast<size_t>(field)]; }
  const Array<FailureRecord>& failures() const { return failures_; }
  const Array<const char*>& texts() const { return texts_; }
  // The PIDs that must be read again. Their rows may have been dropped.
  const Array<int32_t>& stalled() const { return stalled_; }

 private:
  template <typename T>
  void fixed(Field field, T value) {
    reinterpret_cast<T*>(storage_.data() + offsets_[row_of(field).first])[rows_] = value;
  }
  size_t lay_out(size_t capacity);
  void compact(const uint8_t* keeps, uint8_t* values, size_t width);
  void compact_validity(const uint8_t* keeps, size_t column);
  void set_null(size_t column);
  void clear_validity(size_t column);
  void record(int32_t field, const Failure& failure);
  int32_t text(const char* text);

  FieldSet fields_ = 0;
  size_t rows_ = 0;
  size_t capacity_ = 0;
  size_t max_bytes_ = kMaxBytes;
  size_t row_bytes_ = 0;       // of its columns
  size_t variable_bytes_ = 0;  // of the dictionaries
  size_t taken_ = 0;
  int32_t next_ = -1;
  bool out_of_memory_ = false;
  Failure refused_;
  Array<uint8_t> storage_;
  size_t offsets_[kColumnCount] = {};
  Array<uint8_t> validity_[kColumnCount];
  uint32_t nulls_[kColumnCount] = {};
  Dictionary dictionaries_[kFieldCount];
  Array<FailureRecord> failures_;
  Array<const char*> texts_;
  Array<int32_t> stalled_;
};

// Calls `each` with every column of a field.
template <typename Each>
constexpr void for_each_column(Field field, Each each) {
  const FieldRow& row = row_of(field);
  for (size_t i = 0; i < row.columns; i++) each(size_t{row.first} + i);
}

}  // namespace psutil
