#include "core/frame.h"

#include <cstring>

namespace psutil {
namespace {

constexpr size_t aligned(size_t offset) { return (offset + 7) & ~size_t{7}; }

constexpr size_t kDoubles = 4;
constexpr size_t kColumnsWord = kHeaderWords + kDoubles * 2;
constexpr size_t kDictionariesWord = kColumnsWord + kFieldCount;
constexpr size_t kStorageOffset = aligned((kDictionariesWord + kFieldCount) * sizeof(int32_t));
static_assert(kHeaderWords % 2 == 0, "the doubles behind the header are aligned");

bool has_dictionary(const Columns& columns, size_t field) {
  return (columns.fields() >> field & 1) != 0 && kFields[field].shape == Shape::kEntry;
}

size_t dictionary_size(const Dictionary& dictionary) {
  return aligned((2 + dictionary.count()) * sizeof(uint32_t)) + aligned(dictionary.bytes().size());
}

size_t texts_length(const Columns& columns) {
  size_t length = 0;
  for (size_t i = 0; i < columns.texts().size(); i++) length += std::strlen(columns.texts()[i]) + 1;
  return length;
}

void write_dictionary(const Dictionary& dictionary, uint8_t* to) {
  const uint32_t head[] = {static_cast<uint32_t>(dictionary.count()), static_cast<uint32_t>(dictionary.bytes().size())};
  std::memcpy(to, head, sizeof head);
  if (dictionary.count() == 0) return;
  std::memcpy(to + sizeof head, dictionary.ends().data(), dictionary.count() * sizeof(uint32_t));
  if (dictionary.bytes().size() == 0) return;
  std::memcpy(to + aligned(sizeof head + dictionary.count() * sizeof(uint32_t)), dictionary.bytes().data(),
              dictionary.bytes().size());
}

}  // namespace

size_t frame_size(const Columns& columns) {
  size_t size = kStorageOffset + columns.storage().size();
  for (size_t i = 0; i < kFieldCount; i++) {
    if (has_dictionary(columns, i)) size += dictionary_size(columns.dictionary(static_cast<Field>(i)));
  }
  size += aligned(columns.failures().size() * sizeof(FailureRecord));
  return size + aligned(texts_length(columns));
}

void write_frame(const Columns& columns, const SourceCounts& counts, const Clock& clock, const ReadTime& time, uint8_t* to) {
  int32_t words[kDictionariesWord + kFieldCount] = {};
  size_t end = kStorageOffset;
  if (columns.storage().size() > 0) std::memcpy(to + end, columns.storage().data(), columns.storage().size());
  for (size_t i = 0; i < kFieldCount; i++) {
    if (columns.fields() >> i & 1) {
      words[kColumnsWord + i] = static_cast<int32_t>(end + columns.offset(static_cast<Field>(i)));
    }
  }
  end += columns.storage().size();
  for (size_t i = 0; i < kFieldCount; i++) {
    if (!has_dictionary(columns, i)) continue;
    const Dictionary& dictionary = columns.dictionary(static_cast<Field>(i));
    words[kDictionariesWord + i] = static_cast<int32_t>(end);
    write_dictionary(dictionary, to + end);
    end += dictionary_size(dictionary);
  }
  words[kWordFields] = static_cast<int32_t>(columns.fields());
  words[kWordRows] = static_cast<int32_t>(columns.rows());
  words[kWordNext] = columns.next();
  words[kWordTaken] = static_cast<int32_t>(columns.taken());
  words[kWordPidOffset] = static_cast<int32_t>(kStorageOffset + columns.pid_offset());
  words[kWordFailures] = static_cast<int32_t>(columns.failures().size());
  words[kWordFailureOffset] = static_cast<int32_t>(end);
  if (columns.failures().size() > 0) {
    std::memcpy(to + end, columns.failures().data(), columns.failures().size() * sizeof(FailureRecord));
  }
  end += aligned(columns.failures().size() * sizeof(FailureRecord));
  words[kWordTextOffset] = static_cast<int32_t>(end);
  words[kWordTextLength] = static_cast<int32_t>(texts_length(columns));
  for (size_t i = 0; i < columns.texts().size(); i++) {
    const size_t length = std::strlen(columns.texts()[i]) + 1;
    std::memcpy(to + end, columns.texts()[i], length);
    end += length;
  }
  words[kWordBytes] = static_cast<int32_t>(aligned(end));
  std::memcpy(&words[kWordReads], counts.reads, sizeof counts.reads);
  const double doubles[kDoubles] = {clock.zero, clock.a_second, time.at, time.elapsed};
  std::memcpy(&words[kHeaderWords], doubles, sizeof doubles);
  std::memcpy(to, words, sizeof words);
}

}  // namespace psutil
