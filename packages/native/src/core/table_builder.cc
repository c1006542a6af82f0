#include "core/table_builder.h"

#include <algorithm>
#include <cstring>

namespace psutil {
namespace {

// Typed arrays on the other side must begin at a multiple of their element.
constexpr size_t aligned(size_t offset) { return (offset + 7) & ~size_t{7}; }

// A value of a column. With a size that the compiler does not know, it would be copied by a loop that takes longer to begin
// than all else.
inline void copy_value(uint8_t* to, const uint8_t* from, size_t width) {
  switch (width) {
    case 8: std::memmove(to, from, 8); break;
    case 4: std::memmove(to, from, 4); break;
    default: *to = *from;
  }
}

constexpr bool are_known(const uint8_t* widths, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (widths[i] != 1 && widths[i] != 4 && widths[i] != 8) return false;
  }
  return true;
}
static_assert(are_known(kColumnWidths, kColumnCount), "copy_value() knows every width");

// The structs of which every member has 8 bytes, as those of numbers that are read most often have.
constexpr FieldSet eight_wide() {
  FieldSet set = kAllFields;
  for_each(kAllFields, [&set](Field field) {
    for_each_column(field, [&](size_t column) { set &= kColumnWidths[column] == 8 ? kAllFields : ~bit(field); });
  });
  return set;
}
constexpr FieldSet kEightWide = eight_wide();

}  // namespace

// Where each column begins, and last where the last column ends.
size_t TableBuilder::lay_out(size_t capacity) {
  capacity_ = capacity;
  size_t end = aligned(capacity * sizeof(int32_t));
  for_each(fields_, [&](Field field) {
    for_each_column(field, [&](size_t column) {
      offsets_[column] = end;
      end = aligned(end + capacity * kColumnWidths[column]);
    });
  });
  return end;
}

bool TableBuilder::begin(FieldSet fields, size_t capacity) {
  fields_ = fields & kAllFields;
  rows_ = 0;
  taken_ = 0;
  row_bytes_ = sizeof(int32_t);
  variable_bytes_ = 0;
  for_each(fields_, [&](Field field) {
    for_each_column(field, [&](size_t column) { row_bytes_ += kColumnWidths[column]; });
  });
  next_ = -1;
  out_of_memory_ = false;
  refused_ = {};
  storage_.recycle();
  failures_.recycle();
  texts_.clear();
  stalled_.recycle();
  // Dictionaries of other fields too: a field that is not requested again would keep the memory of its largest read.
  for_each(kAllFields, [&](Field field) {
    if (row_of(field).storage == Storage::kVariable) dictionaries_[static_cast<size_t>(field)].clear();
    for_each_column(field, [&](size_t column) {
      validity_[column].recycle();
      nulls_[column] = 0;
    });
  });
  return storage_.resize(lay_out(capacity));
}

size_t TableBuilder::usual_rows(size_t max) const {
  constexpr size_t kLeast = 1024;
  return std::min(max, std::max(rows_, kLeast));
}

bool TableBuilder::refit(size_t capacity) {
  size_t before[kColumnCount];
  std::memcpy(before, offsets_, sizeof before);
  const bool grows = capacity > capacity_;
  const size_t end = lay_out(capacity);
  if (grows && !storage_.resize(end)) return false;
  const auto move = [&](size_t column) {
    std::memmove(storage_.data() + offsets_[column], storage_.data() + before[column], rows_ * kColumnWidths[column]);
  };
  // Columns that move up may overlap the next column: so the last column moves first.
  for (size_t i = 0; i < kFieldCount; i++) {
    const auto field = static_cast<Field>(grows ? kFieldCount - 1 - i : i);
    if ((fields_ & bit(field)) == 0) continue;
    const FieldRow& row = row_of(field);
    for (size_t j = 0; j < row.columns; j++) move(row.first + (grows ? row.columns - 1 - j : j));
  }
  return storage_.resize(end);
}

void TableBuilder::note_stalled() {
  if (!stalled_.push(pids()[rows_])) out_of_memory_ = true;
}

void TableBuilder::drop_row() {
  taken_++;
  // The next row takes its place.
  clear_row(fields_);
}

void TableBuilder::clear_row(FieldSet fields) {
  // The open row's stand last. Those of other fields are kept.
  size_t first = failures_.size();
  while (first > 0 && failures_[first - 1].row == static_cast<int32_t>(rows_)) first--;
  size_t kept = first;
  for (size_t i = first; i < failures_.size(); i++) {
    const int32_t field = failures_[i].field;
    const bool is_cleared = field == FailureRecord::kWholeRow || (fields & bit(static_cast<Field>(field))) != 0;
    if (!is_cleared) failures_[kept++] = failures_[i];
  }
  failures_.resize(kept);
  for_each(fields, [&](Field field) {
    for_each_column(field, [&](size_t column) {
      if (nulls_[column] == 0 || validity_[column].size() <= rows_ / 8) return;
      uint8_t& byte = validity_[column][rows_ / 8];
      const auto mask = static_cast<uint8_t>(1u << rows_ % 8);
      if ((byte & mask) == 0) nulls_[column]--;
      byte = static_cast<uint8_t>(byte | mask);
    });
  });
}

void TableBuilder::keep_only(const uint8_t* keeps) {
  compact(keeps, storage_.data(), sizeof(int32_t));
  for_each(fields_, [&](Field field) {
    for_each_column(field, [&](size_t column) {
      compact(keeps, storage_.data() + offsets_[column], kColumnWidths[column]);
      if (nulls_[column] > 0) compact_validity(keeps, column);
    });
  });
  // Failures are in the order of their rows.
  size_t kept = 0;
  size_t row = 0;
  int32_t place = 0;
  for (size_t i = 0; i < failures_.size(); i++) {
    for (; row < static_cast<size_t>(failures_[i].row); row++) place += keeps[row] != 0 ? 1 : 0;
    if (keeps[row] == 0) continue;
    failures_[kept] = failures_[i];
    failures_[kept++].row = place;
  }
  failures_.resize(kept);
  size_t rows = 0;
  for (size_t i = 0; i < rows_; i++) rows += keeps[i] != 0 ? 1 : 0;
  rows_ = rows;
}

void TableBuilder::compact(const uint8_t* keeps, uint8_t* values, size_t width) {
  size_t to = 0;
  for (size_t row = 0; row < rows_; row++) {
    if (keeps[row] != 0) copy_value(values + to++ * width, values + row * width, width);
  }
}

void TableBuilder::compact_validity(const uint8_t* keeps, size_t column) {
  Array<uint8_t>& bits = validity_[column];
  const size_t covered = rows_ < bits.size() * 8 ? rows_ : bits.size() * 8;
  size_t to = 0;
  nulls_[column] = 0;
  for (size_t row = 0; row < covered; row++) {
    if (keeps[row] == 0) continue;
    const bool has = (bits[row / 8] >> row % 8 & 1) != 0;
    const auto mask = static_cast<uint8_t>(1u << to % 8);
    bits[to / 8] = static_cast<uint8_t>(has ? bits[to / 8] | mask : bits[to / 8] & ~mask);
    nulls_[column] += has ? 0 : 1;
    to++;
  }
  for (; to < bits.size() * 8; to++) bits[to / 8] = static_cast<uint8_t>(bits[to / 8] | 1u << to % 8);
}

void TableBuilder::put_struct(Field field, const void* members) {
  const auto* from = static_cast<const uint8_t*>(members);
  const FieldRow& row = row_of(field);
  if ((kEightWide & bit(field)) != 0) {
    const size_t* const begins = offsets_ + row.first;
    uint8_t* const to = storage_.data() + rows_ * 8;
    for (size_t i = 0; i < row.columns; i++) std::memcpy(to + begins[i], from + i * 8, 8);
    return;
  }
  size_t at = 0;
  for_each_column(field, [&](size_t column) {
    const size_t width = kColumnWidths[column];
    // C places each member of a struct at a multiple of its size.
    at = (at + width - 1) & ~(width - 1);
    copy_value(storage_.data() + offsets_[column] + rows_ * width, from + at, width);
    at += width;
  });
}

void TableBuilder::put_variable(Field field, const void* bytes, size_t length) {
  Dictionary& dictionary = dictionaries_[static_cast<size_t>(field)];
  const size_t count = dictionary.count();
  const uint32_t code = dictionary.intern(bytes, length);
  // A new value has the next number.
  if (code >= count) {
    if (code == Dictionary::kNone) out_of_memory_ = true;
    else variable_bytes_ += length + sizeof(uint32_t);
  }
  fixed(field, code);
}

void TableBuilder::put_null(Field field) {
  for_each_column(field, [&](size_t column) { set_null(column); });
}

void TableBuilder::set_null(size_t column) {
  // The number of a missing value is always 0, so that equal tables are equal bytes.
  constexpr uint8_t kZeros[8] = {};
  const size_t width = kColumnWidths[column];
  copy_value(storage_.data() + offsets_[column] + rows_ * width, kZeros, width);
  clear_validity(column);
}

void TableBuilder::clear_validity(size_t column) {
  Array<uint8_t>& bits = validity_[column];
  const size_t before = bits.size();
  if (before <= rows_ / 8) {
    if (!bits.resize(rows_ / 8 + 1)) {
      out_of_memory_ = true;
      return;
    }
    std::memset(bits.data() + before, 0xff, bits.size() - before);
  }
  const auto mask = static_cast<uint8_t>(1u << rows_ % 8);
  if ((bits[rows_ / 8] & mask) != 0) nulls_[column]++;
  bits[rows_ / 8] = static_cast<uint8_t>(bits[rows_ / 8] & ~mask);
}

void TableBuilder::fail(Field field, const Failure& failure) {
  put_null(field);
  record(static_cast<int32_t>(field), failure);
}

void TableBuilder::fail_but_keep(Field field, const Failure& failure) {
  clear_validity(row_of(field).first);
  record(static_cast<int32_t>(field), failure);
}

void TableBuilder::fail_row(const Failure& failure) {
  for_each(fields_, [&](Field field) { put_null(field); });
  record(FailureRecord::kWholeRow, failure);
}

void TableBuilder::record(int32_t field, const Failure& failure) {
  const FailureRecord made = {static_cast<int32_t>(rows_), field,
                              static_cast<int32_t>(failure.kind), failure.number,
                              text(failure.code), text(failure.syscall)};
  if (!failures_.push(made)) out_of_memory_ = true;
}

int32_t TableBuilder::text(const char* text) {
  for (size_t i = 0; i < texts_.size(); i++) {
    if (texts_[i] == text) return static_cast<int32_t>(i);
  }
  if (!texts_.push(text)) out_of_memory_ = true;
  return static_cast<int32_t>(texts_.size()) - 1;
}

}  // namespace psutil
