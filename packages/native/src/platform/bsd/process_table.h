// Every process, by one call.
#pragma once

#include "core/array.h"
#include "platform/bsd/kinfo.h"

namespace psutil {

class ProcessTable {
 public:
  Failure read(FieldSet fields);

  // In the order of their PIDs, each once.
  size_t count() const { return order_.size(); }
  const Kinfo& operator[](size_t i) const { return kinfos_[order_[i]]; }
  int32_t pid(size_t i) const { return (*this)[i].pid; }
  const Kinfo* find(int32_t pid) const;

  // Forgets them and frees a large buffer, so that a thread does not keep it for life.
  void shrink();

 private:
  Array<char> bytes_;
  Array<Kinfo> kinfos_;
  Array<uint32_t> order_;
};

}  // namespace psutil
