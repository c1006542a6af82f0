// Records of the BPF program, which are memory of the kernel's: whatever stands in one, it becomes a row and a frame.
#include "platform/linux/bpf/record.h"

#include <cstring>
#include <vector>

#include "core/frame.h"
#include "harness.h"
#include "platform/linux/bpf/walk.h"

using namespace psutil;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  constexpr size_t kOne = sizeof(TaskRecord) + kTaskLimits * sizeof(TaskLimit);
  const auto fields = static_cast<FieldMask>(fuzz::choice(input, 1)) & kAllFields;
  const size_t count = (size + kOne - 1) / kOne;
  Columns columns;
  EXPECT(columns.begin(fields, 1));
  for (size_t i = 0; i < count; i++) {
    const size_t part = i + 1 < count ? kOne : size - i * kOne;
    auto* record = static_cast<TaskRecord*>(std::calloc(1, sizeof(TaskRecord)));
    TaskLimit limits[kTaskLimits] = {};
    std::memcpy(record, data + i * kOne, std::min(part, sizeof *record));
    if (part > sizeof *record) std::memcpy(limits, data + i * kOne + sizeof *record, part - sizeof *record);
    if (columns.rows() == columns.capacity()) EXPECT(columns.refit(columns.capacity() * 2));
    columns.open_row(record->pid);
    if (put_record(*record, limits, fields, columns)) columns.keep_row();
    else columns.drop_row();
    std::free(record);
  }
  EXPECT(columns.refit(columns.rows()));
  EXPECT(!columns.out_of_memory());
  std::vector<uint8_t> frame(frame_size(columns));
  write_frame(columns, {}, {}, {}, frame.data());
  fuzz::stop_if_failing(input);
  return 0;
}
