#include "core/columns.h"

#include <cmath>
#include <cstring>

namespace psutil {
namespace {

constexpr size_t width(Shape shape) {
  switch (shape) {
    case Shape::kU8:
      return 1;
    case Shape::kI32:
    case Shape::kEntry:
      return 4;
    case Shape::kF64:
      return 8;
  }
  return 8;
}

// Typed arrays on the other side must begin at a multiple of their element.
constexpr size_t aligned(size_t offset) { return (offset + 7) & ~size_t{7}; }

}  // namespace

// Where each column begins; the end of the last.
size_t Columns::lay_out(size_t capacity) {
  capacity_ = capacity;
  size_t end = aligned(capacity * sizeof(int32_t));
  for (size_t i = 0; i < kFieldCount; i++) {
    if ((fields_ >> i & 1) == 0) continue;
    offsets_[i] = end;
    end = aligned(end + capacity * width(kFields[i].shape));
  }
  return end;
}

bool Columns::begin(FieldMask fields, size_t capacity) {
  fields_ = fields & kAllFields;
  rows_ = 0;
  taken_ = 0;
  next_ = -1;
  out_of_memory_ = false;
  refused_ = {};
  storage_.recycle();
  failures_.recycle();
  texts_.clear();
  // Those of other fields too: one that is not asked for again would keep the memory of its largest read.
  for (size_t i = 0; i < kFieldCount; i++) {
    if (kFields[i].shape == Shape::kEntry) dictionaries_[i].clear();
  }
  return storage_.resize(lay_out(capacity));
}

bool Columns::refit(size_t capacity) {
  size_t before[kFieldCount];
  std::memcpy(before, offsets_, sizeof before);
  const bool grows = capacity > capacity_;
  const size_t end = lay_out(capacity);
  if (grows && !storage_.resize(end)) return false;
  // Each moves to where another stands or stood: the last goes first where they move up.
  for (size_t i = 0; i < kFieldCount; i++) {
    const size_t field = grows ? kFieldCount - 1 - i : i;
    if ((fields_ >> field & 1) == 0) continue;
    std::memmove(storage_.data() + offsets_[field], storage_.data() + before[field],
                 rows_ * width(kFields[field].shape));
  }
  return storage_.resize(end);
}

void Columns::open_row(int32_t pid) { reinterpret_cast<int32_t*>(storage_.data())[rows_] = pid; }

void Columns::drop_row() {
  taken_++;
  while (failures_.size() > 0 && failures_[failures_.size() - 1].row == static_cast<int32_t>(rows_)) {
    failures_.resize(failures_.size() - 1);
  }
}

void Columns::put_entry(Field field, const void* bytes, size_t length) {
  const uint32_t entry = dictionaries_[static_cast<size_t>(field)].intern(bytes, length);
  if (entry == Dictionary::kNone) out_of_memory_ = true;
  at<uint32_t>(field) = entry;
}

// What stands in a column where there is no value; lib/frame.ts reads the same marks as null.
void Columns::put_missing(Field field) {
  switch (kFields[static_cast<size_t>(field)].shape) {
    case Shape::kI32:
      return put_i32(field, -1);
    case Shape::kU8:
      return put_u8(field, 0xff);
    case Shape::kF64:
      return put_f64(field, std::nan(""));
    case Shape::kEntry:
      at<uint32_t>(field) = Dictionary::kNone;
  }
}

void Columns::fail(Field field, const Failure& failure) {
  put_missing(field);
  record(static_cast<int32_t>(field), failure);
}

void Columns::fail_row(const Failure& failure) {
  for (size_t i = 0; i < kFieldCount; i++) {
    if (fields_ >> i & 1) put_missing(static_cast<Field>(i));
  }
  record(FailureRecord::kWholeRow, failure);
}

void Columns::record(int32_t field, const Failure& failure) {
  const FailureRecord made = {static_cast<int32_t>(rows_), field,
                              static_cast<int32_t>(failure.kind), failure.number,
                              text(failure.code), text(failure.syscall)};
  if (!failures_.push(made)) out_of_memory_ = true;
}

int32_t Columns::text(const char* text) {
  for (size_t i = 0; i < texts_.size(); i++) {
    if (texts_[i] == text) return static_cast<int32_t>(i);
  }
  if (!texts_.push(text)) out_of_memory_ = true;
  return static_cast<int32_t>(texts_.size()) - 1;
}

}  // namespace psutil
