// Records of the BPF program, which are memory of the kernel's: whatever stands in one, and wherever a read ends, those
// that are whole become rows and a frame. Held against all of the bytes read at once.
#include "platform/linux/bpf/record.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "core/frame_writer.h"
#include "harness.h"
#include "platform/linux/bpf/records.h"
#include "platform/linux/bpf/task_iterator.h"

using namespace psutil;

namespace {

// A kernel that returns the input in pieces.
struct Kernel {
  std::string_view left;
  size_t max;

  static ssize_t read(void* self, char* to, size_t available) {
    auto& kernel = *static_cast<Kernel*>(self);
    const size_t count = std::min({kernel.max, available, kernel.left.size()});
    std::memcpy(to, kernel.left.data(), count);
    kernel.left.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }
};

// Makes each record as long as it says that its groups are; with `few`, of fewer of them, so that more stand in an input.
std::string borne_out(std::string_view input, unsigned wants, bool few) {
  std::string bytes(input);
  for (size_t at = 0; at + sizeof(TaskRecord) <= bytes.size();) {
    TaskRecord record;
    std::memcpy(&record, bytes.data() + at, sizeof record);
    if (few) record.group_count %= 8;
    record.length = static_cast<uint32_t>(length_of_record(record.group_count, wants));
    std::memcpy(bytes.data() + at, &record, sizeof record);
    at += record.length;
  }
  return bytes;
}

// The frame's head and every distinct value. Between the values of a frame are bytes that nothing writes.
std::string read_in_pieces(std::string_view stream, FieldSet fields, size_t available, size_t max) {
  TableBuilder table;
  EXPECT(table.begin(fields, 1));
  TaskRecords records;
  TerminalNames terminals;
  UserNames users;
  RecordNames names = {terminals, users, 0xff};
  EXPECT(records.begin(wants_for(fields), available).ok());
  Kernel kernel = {stream, max};
  for (;;) {
    Task task;
    const TaskRecords::Next next = records.next(task);
    if (next == TaskRecords::Next::kDamaged) break;
    if (next == TaskRecords::Next::kNothingHere) {
      bool ended = false;
      if (!records.fill(Kernel::read, &kernel, ended).ok() || ended) break;
      continue;
    }
    if (table.rows() == table.capacity()) EXPECT(table.refit(table.capacity() * 2));
    table.open_row(task.record->pid);
    const FieldSet held = held_by(task, fields);
    put_record(task, held, names, table);
    for_each(fields & ~held, [&](Field field) { table.put_null(field); });
    table.keep_row();
    records.take();
  }
  EXPECT(table.refit(table.rows()));
  EXPECT(!table.out_of_memory());
  std::vector<uint8_t> frame(frame_size(table, {}, {}));
  write_frame(table, {}, {}, {}, frame.data());
  std::string present(reinterpret_cast<const char*>(frame.data()), kHeaderWords * sizeof(int32_t));
  for (size_t i = 0; i < kFieldCount; i++) {
    if ((fields >> i & 1) == 0 || kFields[i].storage != Storage::kVariable) continue;
    const Dictionary& dictionary = table.dictionary(static_cast<Field>(i));
    present.append(reinterpret_cast<const char*>(dictionary.ends().data()), dictionary.count() * sizeof(uint32_t));
    present.append(reinterpret_cast<const char*>(dictionary.bytes().data()), dictionary.bytes().size());
  }
  return present;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  // Names of users are asked of the system.
  const auto fields = static_cast<FieldSet>(fuzz::choice(input, 1)) & kAllFields & ~bit(Field::username);
  const auto which = fuzz::choice(input, 2) % 4;
  const std::string stream = which == 0 ? std::string(input) : borne_out(input, wants_for(fields), which > 1);
  const size_t max = 1 + fuzz::choice(input, 3) % 400;
  const size_t available = 1 + fuzz::choice(input, 4) % 4000;
  const size_t all = stream.size() + 1;
  EXPECT(read_in_pieces(stream, fields, available, max) == read_in_pieces(stream, fields, all, all));
  fuzz::stop_if_failing(input);
  return 0;
}
