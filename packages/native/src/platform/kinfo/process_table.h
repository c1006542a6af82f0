// Every process, by one call.
#pragma once

#include "core/array.h"
#include "core/source_counts.h"
#include "platform/kinfo/kinfo.h"

namespace psutil {

class ProcessTable {
 public:
  Failure read(FieldSet fields, SourceCounts& counts);

  // In the order of the PIDs. Each process is there once.
  size_t count() const { return order_.size(); }
  const Kinfo& operator[](size_t i) const { return kinfos_[order_[i]]; }
  int32_t pid(size_t i) const { return (*this)[i].pid; }
  const Kinfo* find(int32_t pid) const;

  // Forgets the processes, and frees a large buffer rather than keep it until the thread ends.
  void shrink();

 private:
  Array<char> bytes_;
  Array<Kinfo> kinfos_;
  Array<uint32_t> order_;
};

}  // namespace psutil
