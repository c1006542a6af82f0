// Reads a frame by its description in core/frame_writer.h, as lib/protocol/frame.ts does.
#pragma once

#include <string>
#include <string_view>

#include "core/frame_writer.h"
#include "harness/check.h"
#include "harness/recorded.h"

namespace check {

class FrameReader {
 public:
  explicit FrameReader(const psutil::TableBuilder& table, const psutil::SourceCounts& counts = {},
                       const psutil::Clock& clock = {}, const psutil::ReadTime& time = {__builtin_nan(""), 0})
      : bytes_(std::string(psutil::frame_size(table, counts, time), '\0')) {
    // The block is exactly frame_size() bytes long: a byte written past it ends the run.
    psutil::write_frame(table, counts, clock, time, reinterpret_cast<uint8_t*>(const_cast<char*>(data())));
  }

  size_t size() const { return bytes_.text().size(); }
  const char* data() const { return bytes_.text().data(); }

  template <typename T>
  T at(size_t offset) const {
    T value = {};
    EXPECT(offset + sizeof(T) <= size());
    if (offset + sizeof(T) <= size()) std::memcpy(&value, data() + offset, sizeof(T));
    return value;
  }

  int32_t word(size_t index) const { return at<int32_t>(index * 4); }
  size_t offset(size_t index) const { return static_cast<size_t>(word(index)); }
  size_t table() const { return offset(psutil::kWordColumns); }

  psutil::ColumnEntry entry(size_t index) const {
    return at<psutil::ColumnEntry>(psutil::kHeaderWords * 4 + index * sizeof(psutil::ColumnEntry));
  }

  // The entry of a field's member. If it is missing, the returned entry has its data at 0.
  psutil::ColumnEntry column(psutil::Field field, size_t member = 0) const {
    for (size_t i = 0; i < table(); i++) {
      const psutil::ColumnEntry found = entry(i);
      if (found.field == static_cast<uint8_t>(field) && found.member == member) return found;
    }
    return {};
  }

  template <typename T>
  T value(psutil::Field field, size_t row, size_t member = 0) const {
    return at<T>(column(field, member).data + row * sizeof(T));
  }

  bool has(psutil::Field field, size_t row, size_t member = 0) const {
    const psutil::ColumnEntry found = column(field, member);
    return found.validity == 0 || (at<uint8_t>(found.validity + row / 8) >> row % 8 & 1) != 0;
  }

  // The bytes of a variable field's value.
  std::string_view bytes(psutil::Field field, size_t row) const {
    const psutil::ColumnEntry found = column(field);
    return distinct(found, at<uint32_t>(found.data + row * 4));
  }

  std::string_view distinct(const psutil::ColumnEntry& found, size_t code) const {
    EXPECT(code < found.count);
    const size_t begin = at<uint32_t>(found.dictionary + code * 4);
    const size_t end = at<uint32_t>(found.dictionary + code * 4 + 4);
    EXPECT(begin <= end && end <= found.length);
    const size_t first = found.dictionary + ((found.count + 1) * 4 + 7) / 8 * 8;
    return std::string_view(data(), size()).substr(first + begin, end - begin);
  }

  int32_t pid(size_t row) const { return at<int32_t>(offset(psutil::kWordPids) + row * 4); }

  psutil::FailureRecord failure(size_t index) const {
    return at<psutil::FailureRecord>(offset(psutil::kWordFailureOffset) + index * sizeof(psutil::FailureRecord));
  }

  std::string_view text(int32_t index) const {
    std::string_view texts(data() + offset(psutil::kWordTextOffset), offset(psutil::kWordTextLength));
    for (; index > 0; index--) texts.remove_prefix(texts.find('\0') + 1);
    return texts.substr(0, texts.find('\0'));
  }

 private:
  Bytes bytes_;
};

}  // namespace check
