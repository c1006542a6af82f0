#include "core/dictionary.h"

#include <cstring>

namespace psutil {
namespace {

// FNV-1a by words: it is fast for values of a few dozen bytes. A user who causes collisions only slows the scan of their
// own processes.
uint32_t hash_of(const void* bytes, size_t length) {
  const auto* at = static_cast<const uint8_t*>(bytes);
  uint64_t hash = 0xcbf29ce484222325u ^ length;
  for (; length >= 8; at += 8, length -= 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    hash = (hash ^ word) * 0x100000001b3u;
    hash ^= hash >> 29;
  }
  for (; length > 0; at++, length--) hash = (hash ^ *at) * 0x100000001b3u;
  return static_cast<uint32_t>(hash ^ (hash >> 32));
}

constexpr size_t kFirstSlots = 64;
constexpr size_t kMaxKept = 1 << 20;
// It takes as long to empty so many slots as to find one.
constexpr size_t kFew = 8;

}  // namespace

size_t Dictionary::clear() {
  if (slots_.is_idle(ends_.size() * 2)) slots_.shrink(0);
  const size_t emptied = empty_slots();
  bytes_.shrink(kMaxKept);
  bytes_.recycle();
  ends_.recycle();
  hashes_.recycle();
  last_ = kNone;
  return emptied;
}

size_t Dictionary::empty_slots() {
  if (slots_.size() == 0) return 0;
  if (ends_.size() * kFew >= slots_.size()) {
    std::memset(slots_.data(), 0, slots_.size() * sizeof(uint32_t));
    return slots_.size();
  }
  // The last one first: what stands before an entry, and is passed on the way to it, has come before it.
  for (size_t entry = ends_.size(); entry-- > 0;) {
    size_t slot = hashes_[entry] & (slots_.size() - 1);
    while (slots_[slot] != entry + 1) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = 0;
  }
  return ends_.size();
}

size_t Dictionary::footprint() const {
  return bytes_.capacity() + (ends_.capacity() + hashes_.capacity() + slots_.capacity()) * sizeof(uint32_t);
}

bool Dictionary::grow_slots() {
  const size_t wanted = slots_.size() == 0 ? kFirstSlots : slots_.size() * 2;
  if (!slots_.resize(wanted)) return false;
  std::memset(slots_.data(), 0, wanted * sizeof(uint32_t));
  for (uint32_t entry = 0; entry < hashes_.size(); entry++) {
    size_t slot = hashes_[entry] & (wanted - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (wanted - 1);
    slots_[slot] = entry + 1;
  }
  return true;
}

uint32_t Dictionary::find_or_add(const void* bytes, size_t length) {
  if (ends_.size() * 2 >= slots_.size() && !grow_slots()) return kNone;
  const uint32_t hash = hash_of(bytes, length);
  const size_t around = slots_.size() - 1;
  size_t slot = hash & around;
  for (; slots_[slot] != 0; slot = (slot + 1) & around) {
    const uint32_t entry = slots_[slot] - 1;
    if (hashes_[entry] == hash && equals(entry, bytes, length)) return last_ = entry;
  }
  const auto entry = static_cast<uint32_t>(ends_.size());
  const size_t end = bytes_.size() + length;
  if (end > kNone) return kNone;
  if (!ends_.reserve(entry + size_t{1}) || !hashes_.reserve(entry + size_t{1})) return kNone;
  if (!bytes_.append(static_cast<const uint8_t*>(bytes), length)) return kNone;
  ends_.push(static_cast<uint32_t>(end));
  hashes_.push(hash);
  slots_[slot] = entry + 1;
  return last_ = entry;
}

}  // namespace psutil
