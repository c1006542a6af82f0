// A growable array that reports a lack of memory instead of throwing. This addon is built without exceptions, and a scan of a
// large machine must fail with ENOMEM of one call, and not abort the program.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <type_traits>

namespace psutil {

template <typename T>
class Array {
  static_assert(std::is_trivially_copyable_v<T>, "elements are moved by realloc");

 public:
  Array() = default;
  ~Array() { std::free(data_); }
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;

  T* data() { return data_; }
  const T* data() const { return data_; }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }

  void clear() { size_ = 0; }

  bool reserve(size_t wanted) {
    if (wanted <= capacity_) return true;
    size_t grown = capacity_ * 2 > wanted ? capacity_ * 2 : wanted;
    if (grown > static_cast<size_t>(-1) / sizeof(T)) return false;
    void* moved = std::realloc(data_, grown * sizeof(T));
    if (moved == nullptr) return false;
    data_ = static_cast<T*>(moved);
    capacity_ = grown;
    return true;
  }

  // New elements are left as they are: the caller writes them.
  bool resize(size_t wanted) {
    if (!reserve(wanted)) return false;
    size_ = wanted;
    return true;
  }

  // Drops elements from the end.
  void truncate(size_t count) { size_ = count; }

  bool push(T value) {
    if (!reserve(size_ + 1)) return false;
    data_[size_++] = value;
    return true;
  }

  bool append(const T* values, size_t count) {
    if (!reserve(size_ + count)) return false;
    if (count > 0) std::memcpy(data_ + size_, values, count * sizeof(T));
    size_ += count;
    return true;
  }

  // Frees the storage of a very large read, so that a thread does not keep it for life.
  void shrink(size_t max) {
    if (capacity_ <= max) return;
    std::free(data_);
    data_ = nullptr;
    size_ = capacity_ = 0;
    idle_uses_ = 0;
  }

  // Empties it for the next use, and frees its storage if it is idle.
  void recycle() {
    if (is_idle(size_)) shrink(0);
    size_ = 0;
  }

  // Called once for each use. Returns whether the storage is far larger than this many elements, and was so several times
  // before. A large read between small ones keeps its storage for the next large one.
  bool is_idle(size_t used) {
    const bool is_large = capacity_ * sizeof(T) > kKept && used < capacity_ / 4;
    idle_uses_ = is_large ? idle_uses_ + 1 : 0;
    return idle_uses_ >= kIdleUses;
  }

  static constexpr size_t kKept = 64 * 1024;  // bytes that are never given back
  static constexpr unsigned kIdleUses = 8;

 private:
  T* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
  unsigned idle_uses_ = 0;
};

}  // namespace psutil
