// A table as one block of bytes, in which it crosses threads: it takes one allocation and one transfer. lib/protocol/frame.ts
// reads it; the two change together. Every part begins at a multiple of 8.
//
//   int32 header[16]              FrameWord
//   column[columns]               ColumnEntry, only of requested fields
//   counter[counters]             CounterEntry, only of sources that were read
//   PIDs, the PIDs to be read again, and each column as in Arrow's columnar format (https://arrow.apache.org/docs/format/Columnar.html):
//     validity                    a bit for each row, set if it has a value; absent if no value is missing
//     data                        for each row a number, or the position of its value in the dictionary
//     dictionary                  offsets[count + 1] and the bytes of each distinct value
//   clock                         double epoch_ms, ticks_per_second; only with start times
//   failures, texts, time         FailureRecord; each text ends with a null byte; double: ReadTime::at
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/source_counts.h"
#include "core/table_builder.h"

namespace psutil {

// A start time in milliseconds since the epoch is epoch_ms + ticks × 1000 / ticks_per_second.
struct Clock {
  double epoch_ms = 0;
  double ticks_per_second = 1;
};

// When reading began, in the Clock's ticks, or for a sampler in milliseconds of a clock that is never set (NaN if it was not
// requested), and how many microseconds it took.
struct ReadTime {
  double at = 0;
  double elapsed = 0;
};

enum FrameWord : size_t {
  kWordBytes,  // of the whole frame
  kWordRows,
  kWordTaken,  // how many of the requested PIDs it covers
  kWordNext,   // the PID from which the rest must be read, or -1
  kWordPids,   // where the PIDs begin
  kWordColumns,
  kWordCounters,
  kWordFailures,
  kWordFailureOffset,
  kWordTextOffset,
  kWordTextLength,
  kWordClock,    // where it begins, or 0
  kWordTime,     // the same
  kWordElapsed,  // microseconds
  kWordLayout,   // kFrameLayout
  kWordFull,     // bit 0: it took no more rows because of its bound in bytes; the other bits: how many PIDs must be read again
  kHeaderWords,
};

// Incremented whenever this layout changes.
constexpr int32_t kFrameLayout = 3;

enum class Encoding : uint8_t { kPlain, kDictionary };

struct ColumnEntry {
  uint8_t field;
  uint8_t member;    // of a struct, in the order of the schema
  uint8_t encoding;  // an Encoding
  uint8_t spare;
  uint32_t validity;  // where it begins, or 0
  uint32_t data;
  uint32_t dictionary;  // where its offsets begin, or 0; its bytes follow at the next multiple of 8
  uint32_t count;       // of its values
  uint32_t length;      // of its bytes
};

struct CounterEntry {
  uint32_t source;
  uint32_t reads;
};

size_t frame_size(const TableBuilder& table, const SourceCounts& counts, const ReadTime& time);
// `to` has room for frame_size() bytes.
void write_frame(const TableBuilder& table, const SourceCounts& counts, const Clock& clock, const ReadTime& time,
                 uint8_t* to);

}  // namespace psutil
