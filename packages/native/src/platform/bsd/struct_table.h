// What one sysctl(3) returns about every process: an array of the system's own structs.
#pragma once

#include "core/array.h"
#include "core/failure.h"
#include "platform/bsd/sysctl.h"
#include "platform/shared/errno.h"

namespace psutil {

template <typename Info>
class StructTable {
 public:
  // Structs of another size than the headers say are not supported.
  Failure read(const Mib& mib) {
    count_ = 0;
    const Failure failure = read_sysctl(mib, bytes_);
    if (!failure.ok()) return failure;
    if (bytes_.size() % sizeof(Info) != 0) return unsupported("sysctl");
    count_ = bytes_.size() / sizeof(Info);
    return {};
  }
  size_t count() const { return count_; }
  const Info& operator[](size_t i) const { return reinterpret_cast<const Info*>(bytes_.data())[i]; }
  // Frees a large buffer, so that a thread does not keep it for life.
  void shrink() {
    count_ = 0;
    bytes_.shrink(kMaxKept);
  }

 protected:
  // Leaves out those of which the test is false.
  template <typename Test>
  void keep(Test test) {
    auto* infos = reinterpret_cast<Info*>(bytes_.data());
    size_t kept = 0;
    for (size_t i = 0; i < count_; i++) {
      if (!test(infos[i])) continue;
      if (kept != i) infos[kept] = infos[i];
      kept++;
    }
    count_ = kept;
  }

 private:
  static constexpr size_t kMaxKept = 1 << 20;
  Array<char> bytes_;
  size_t count_ = 0;
};

}  // namespace psutil
