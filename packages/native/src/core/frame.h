// Columns as one block of bytes, the form in which they cross threads: one allocation to make, one
// buffer to transfer. lib/frame.ts reads it; the two change together.
//
//   int32  header[kHeaderWords]       see FrameWord
//   double clock zero, ticks a second, read_at, elapsed    see Clock and ReadTime
//   int32  column_offset[fields]      0 where the field was not asked for
//   int32  dictionary_offset[fields]  0 where it has none
//   pid column, columns, dictionaries, failures, texts, each at a multiple of 8
//
// A dictionary is: u32 count, u32 length of its bytes, u32 ends[count], and at the next multiple of 8 its bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/columns.h"

namespace psutil {

// How often each source was read, so that batching and caching can be counted rather than guessed.
struct SourceCounts {
  static constexpr size_t kSources = 8;
  int32_t reads[kSources] = {};
};

// A start time in milliseconds since the epoch is zero + ticks × 1000 / a_second.
struct Clock {
  double zero = 0;
  double a_second = 1;
};

// When reading began, in the Clock's ticks (NaN where nobody asked), and how many microseconds it took.
struct ReadTime {
  double at = 0;
  double elapsed = 0;
};

enum FrameWord : size_t {
  kWordFields,
  kWordRows,
  kWordPidOffset,
  kWordFailures,
  kWordFailureOffset,
  kWordTextOffset,
  kWordTextLength,
  kWordBytes,  // of the whole frame
  kWordTaken,  // how many of the PIDs asked for it covers
  kWordNext,   // the PID from which the rest is to be read, or -1
  kWordReads,  // SourceCounts begin here
  kHeaderWords = kWordReads + SourceCounts::kSources,
};

size_t frame_size(const Columns& columns);
// `to` has room for frame_size() bytes.
void write_frame(const Columns& columns, const SourceCounts& counts, const Clock& clock, const ReadTime& time, uint8_t* to);

}  // namespace psutil
