// Which rows of a part are still of the processes whose records were written first. A process that has the same number
// and start at a second look had the number in between: what was read by number then is its own.
#pragma once

#include "core/array.h"
#include "core/table_builder.h"
#include "platform/linux/bpf/record.h"

namespace psutil {

class SecondLook {
 public:
  void clear() { starts_.recycle(); }
  // For the row that has just been kept; false where memory has run out. Rows that were not read by number have no start.
  bool expect(uint64_t start) { return starts_.push(start); }
  bool is_needed() const { return starts_.size() > 0; }

  // False where memory has run out.
  bool begin() {
    row_ = 0;
    if (!keeps_.resize(starts_.size())) return false;
    for (size_t row = 0; row < starts_.size(); row++) keeps_[row] = starts_[row] == kNoStart ? 1 : 0;
    return true;
  }

  // Records come in the order of their PIDs, as rows do. False behind the last row.
  bool see(const TaskRecord& record, const TableBuilder& table) {
    while (row_ < starts_.size() && table.pids()[row_] < record.pid) row_++;
    if (row_ == starts_.size()) return false;
    if (table.pids()[row_] == record.pid && starts_[row_] == record.start) keeps_[row_] = 1;
    return true;
  }

  // A byte a row: 0 where the process has ended.
  const uint8_t* keeps() const { return keeps_.data(); }

  static constexpr uint64_t kNoStart = ~uint64_t{0};

 private:
  Array<uint64_t> starts_;
  Array<uint8_t> keeps_;
  size_t row_ = 0;
};

}  // namespace psutil
