#include "platform/linux/events/ring_reader.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "platform/shared/errno.h"

namespace psutil {
namespace {

// Bits of a record's length, and the size of the head that has it: include/uapi/linux/bpf.h.
constexpr uint32_t kBusy = 1u << 31;
constexpr uint32_t kDiscarded = 1u << 30;
constexpr uint64_t kHead = 8;

}  // namespace

Failure RingReader::map(int fd, size_t size) {
  page_ = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  size_ = size;
  void* consumer = mmap(nullptr, page_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (consumer == MAP_FAILED) return failure_of(errno, "mmap");
  consumer_ = consumer;
  void* producer = mmap(nullptr, page_ + 2 * size, PROT_READ, MAP_SHARED, fd, static_cast<off_t>(page_));
  if (producer == MAP_FAILED) return failure_of(errno, "mmap");
  producer_ = producer;
  data_ = static_cast<const char*>(producer) + page_;
  return {};
}

void RingReader::unmap() {
  if (producer_ != nullptr) munmap(producer_, page_ + 2 * size_);
  if (consumer_ != nullptr) munmap(consumer_, page_);
}

bool RingReader::next(std::string_view& record) {
  const uint64_t end = __atomic_load_n(static_cast<const uint64_t*>(producer_), __ATOMIC_ACQUIRE);
  while (position_ < end) {
    const char* at = data_ + (position_ & (size_ - 1));
    const uint32_t length = __atomic_load_n(reinterpret_cast<const uint32_t*>(at), __ATOMIC_ACQUIRE);
    // It is being written: those behind it are later events.
    if ((length & kBusy) != 0) return false;
    const uint64_t bytes = length & ~kDiscarded;
    next_ = position_ + ((kHead + bytes + 7) & ~uint64_t{7});
    if ((length & kDiscarded) == 0) {
      record = {at + kHead, static_cast<size_t>(bytes)};
      return true;
    }
    take();
  }
  return false;
}

void RingReader::take() {
  position_ = next_;
  __atomic_store_n(static_cast<uint64_t*>(consumer_), position_, __ATOMIC_RELEASE);
}

}  // namespace psutil
