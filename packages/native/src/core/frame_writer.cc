#include "core/frame_writer.h"

#include <cmath>
#include <cstring>

namespace psutil {
namespace {

constexpr size_t aligned(size_t offset) { return (offset + 7) & ~size_t{7}; }
static_assert(sizeof(ColumnEntry) % 8 == 0 && sizeof(CounterEntry) % 8 == 0 && kHeaderWords % 2 == 0);

size_t counters_of(const SourceCounts& counts) {
  size_t counters = 0;
  for (const int32_t reads : counts.reads) counters += reads > 0;
  return counters;
}

size_t columns_of(const TableBuilder& table) {
  size_t columns = 0;
  for_each(table.fields(), [&](Field field) { columns += row_of(field).columns; });
  return columns;
}

size_t texts_length(const TableBuilder& table) {
  size_t length = 0;
  for (size_t i = 0; i < table.texts().size(); i++) length += std::strlen(table.texts()[i]) + 1;
  return length;
}

// Writes the parts of a frame in their order. Without a place to write to, it only measures them.
class Layout {
 public:
  explicit Layout(uint8_t* to) : to_(to) {}

  size_t end() const { return end_; }

  // Where a part begins that is `length` bytes long; from null, it is left to be written later.
  uint32_t add(const void* from, size_t length) {
    const size_t begin = end_;
    end_ = aligned(end_ + length);
    if (to_ != nullptr && from != nullptr && length > 0) std::memcpy(to_ + begin, from, length);
    return static_cast<uint32_t>(begin);
  }

  uint32_t add_validity(const Array<uint8_t>& bits, size_t rows) {
    const size_t length = (rows + 7) / 8;
    const size_t there = bits.size() < length ? bits.size() : length;
    const uint32_t begin = add(nullptr, length);
    if (to_ != nullptr) {
      std::memcpy(to_ + begin, bits.data(), there);
      std::memset(to_ + begin + there, 0xff, length - there);
    }
    return begin;
  }

  uint32_t add_dictionary(const Dictionary& dictionary) {
    const size_t count = dictionary.count();
    const uint32_t begin = add(nullptr, (count + 1) * sizeof(uint32_t));
    if (to_ != nullptr) {
      std::memset(to_ + begin, 0, sizeof(uint32_t));
      if (count > 0) std::memcpy(to_ + begin + sizeof(uint32_t), dictionary.ends().data(), count * sizeof(uint32_t));
    }
    add(dictionary.bytes().data(), dictionary.bytes().size());
    return begin;
  }

  ColumnEntry add_column(const TableBuilder& table, Field field, size_t member) {
    const FieldRow& row = row_of(field);
    const size_t column = row.first + member;
    ColumnEntry entry = {};
    entry.field = static_cast<uint8_t>(field);
    entry.member = static_cast<uint8_t>(member);
    if (const Array<uint8_t>* bits = table.validity(column)) entry.validity = add_validity(*bits, table.rows());
    entry.data = add(table.column(column), table.rows() * kColumnWidths[column]);
    if (row.storage == Storage::kVariable) {
      const Dictionary& dictionary = table.dictionary(field);
      entry.encoding = static_cast<uint8_t>(Encoding::kDictionary);
      entry.count = static_cast<uint32_t>(dictionary.count());
      entry.length = static_cast<uint32_t>(dictionary.bytes().size());
      entry.dictionary = add_dictionary(dictionary);
    }
    return entry;
  }

 private:
  uint8_t* const to_;
  size_t end_ = 0;
};

size_t lay_out(const TableBuilder& table, const SourceCounts& counts, const Clock& clock, const ReadTime& time,
               uint8_t* to) {
  Layout layout(to);
  int32_t words[kHeaderWords] = {};
  const auto write = [to](size_t at, const auto& value) {
    if (to != nullptr) std::memcpy(to + at, &value, sizeof value);
  };
  layout.add(nullptr, sizeof words);
  words[kWordLayout] = kFrameLayout;
  words[kWordRows] = static_cast<int32_t>(table.rows());
  words[kWordTaken] = static_cast<int32_t>(table.taken());
  words[kWordNext] = table.next();
  words[kWordFull] = (table.is_full() ? 1 : 0) | static_cast<int32_t>(table.stalled().size() << 1);
  words[kWordElapsed] = static_cast<int32_t>(time.elapsed < INT32_MAX ? time.elapsed : INT32_MAX);
  const size_t columns = columns_of(table);
  words[kWordColumns] = static_cast<int32_t>(columns);
  size_t entry = layout.add(nullptr, columns * sizeof(ColumnEntry));
  const size_t counters = counters_of(counts);
  words[kWordCounters] = static_cast<int32_t>(counters);
  size_t counter = layout.add(nullptr, counters * sizeof(CounterEntry));
  for (uint32_t i = 0; i < SourceCounts::kSources; i++) {
    if (counts.reads[i] <= 0) continue;
    write(counter, CounterEntry{i, static_cast<uint32_t>(counts.reads[i])});
    counter += sizeof(CounterEntry);
  }
  words[kWordPids] = static_cast<int32_t>(layout.add(table.pids(), table.rows() * sizeof(int32_t)));
  layout.add(table.stalled().data(), table.stalled().size() * sizeof(int32_t));
  for_each(table.fields(), [&](Field field) {
    for (size_t member = 0; member < row_of(field).columns; member++) {
      write(entry, layout.add_column(table, field, member));
      entry += sizeof(ColumnEntry);
    }
  });
  if ((table.fields() & bit(Field::startTime)) != 0) {
    words[kWordClock] = static_cast<int32_t>(layout.add(&clock, sizeof clock));
  }
  words[kWordFailures] = static_cast<int32_t>(table.failures().size());
  words[kWordFailureOffset] =
      static_cast<int32_t>(layout.add(table.failures().data(), table.failures().size() * sizeof(FailureRecord)));
  words[kWordTextLength] = static_cast<int32_t>(texts_length(table));
  size_t text = layout.add(nullptr, texts_length(table));
  words[kWordTextOffset] = static_cast<int32_t>(text);
  for (size_t i = 0; to != nullptr && i < table.texts().size(); i++) {
    const size_t length = std::strlen(table.texts()[i]) + 1;
    std::memcpy(to + text, table.texts()[i], length);
    text += length;
  }
  if (!std::isnan(time.at)) words[kWordTime] = static_cast<int32_t>(layout.add(&time.at, sizeof time.at));
  words[kWordBytes] = static_cast<int32_t>(layout.end());
  write(0, words);
  return layout.end();
}

}  // namespace

size_t frame_size(const TableBuilder& table, const SourceCounts& counts, const ReadTime& time) {
  return lay_out(table, counts, {}, time, nullptr);
}

void write_frame(const TableBuilder& table, const SourceCounts& counts, const Clock& clock, const ReadTime& time,
                 uint8_t* to) {
  lay_out(table, counts, clock, time, to);
}

}  // namespace psutil
