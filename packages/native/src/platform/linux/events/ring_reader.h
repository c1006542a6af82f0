// The reader's side of a BPF ring buffer: https://docs.kernel.org/bpf/ringbuf.html.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/failure.h"

namespace psutil {

class RingReader {
 public:
  RingReader() = default;
  ~RingReader() { unmap(); }
  RingReader(const RingReader&) = delete;
  RingReader& operator=(const RingReader&) = delete;

  // Maps the ring buffer of this descriptor, whose data has so many bytes.
  Failure map(int fd, size_t size);

  // The next record; false where there is none. It stays until it is taken.
  bool next(std::string_view& record);
  void take();

 private:
  void unmap();

  // The reader's position, which the reader writes, and then the kernel's and the data, twice, so that each record is in one
  // piece.
  void* consumer_ = nullptr;
  void* producer_ = nullptr;
  const char* data_ = nullptr;
  size_t page_ = 0;
  size_t size_ = 0;
  uint64_t position_ = 0;
  uint64_t next_ = 0;
};

}  // namespace psutil
