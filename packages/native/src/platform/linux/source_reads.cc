// How a source of a process is read: by a call, beneath the process's directory, or by its number.
#include <unistd.h>

#include <cerrno>

#include "platform/linux/life.h"
#include "platform/linux/process_reader.h"
#include "platform/shared/errno.h"
#include "platform/shared/pid_path.h"

namespace psutil {

Failure ProcessReader::read_source(OpenProcess& row, Source source) {
  const ProcessSource& reading = row_of(source);
  if (reading.put_call != nullptr) return reading.put_call(row);
  const Failure failure = read_beneath(row, source, row.directory);
  if (failure.kind != Failure::Kind::kZombie || row.life != Life::kHeadless) return failure;
  // The main thread has lost these values, and the other threads still have them.
  const Descriptor thread(open_living_thread(row));
  return thread.get() < 0 ? failure : read_beneath(row, source, thread.get());
}

Failure ProcessReader::read_beneath(OpenProcess& row, Source source, int directory) {
  const ProcessSource& reading = row_of(source);
  if (reading.put_directory != nullptr) return explain(row, reading.put_directory(row, directory));
  std::string_view text;
  const Failure failure =
      directory == row.directory ? read_file(row, source, text) : read_of_thread(row, source, directory, text);
  if (reading.absent != 0 && failure.number == reading.absent) {
    for_each(row.missing() & reading.provides, [&](Field field) { row.put_null(field); });
    return {};
  }
  // Newer kernels fail with ESRCH for a process without memory.
  const bool has_no_memory = failure.kind == Failure::Kind::kGone && (kBlockingSources & bit(source)) != 0;
  if (has_no_memory) return reading.put_file(row, {});
  return failure.ok() ? reading.put_file(row, text) : failure;
}

Failure ProcessReader::read_file(OpenProcess& row, Source source, std::string_view& text) {
  if (row.unread == bit(source)) {
    row.unread = 0;
    return held_ == nullptr ? root_.read_open(row.file->get(), text) : root_.read_again(row.file->get(), text);
  }
  const char* name = row_of(source).name;
  if (row_of(source).blocks) return explain(row, read_blocking(row, source, row.directory, text));
  if (held_ != nullptr && HeldFiles::holds(source)) return explain(row, read_held(row, source, text));
  if (row.directory >= 0) return explain(row, root_.read(row.directory, name, text));
  int opened;
  const Failure failure = open_file(row, source, opened);
  if (!failure.ok()) return failure;
  const Descriptor file(opened);
  return root_.read_open(file.get(), text);
}

Failure ProcessReader::read_held(OpenProcess& row, Source source, std::string_view& text) {
  int opened;
  Failure failure = open_file(row, source, opened);
  if (!failure.ok()) return failure;
  Descriptor file(opened);
  failure = root_.read_again(opened, text);
  if (failure.ok()) hold_file(source, file);
  return failure;
}

void ProcessReader::hold_file(Source source, Descriptor& file) {
  if (held_->keep(source, file.get())) file.release();
}

void ProcessReader::hold(Sampled* sampled) {
  if (sampled == nullptr) return;
  held_ = &sampled->files;
  known_ = &sampled->processes;
}

void ProcessReader::begin_held(const ReadRequest& request) {
  if (held_ == nullptr) return;
  held_->begin(request.cursor.from, request.max_held);
  constexpr FieldSet kRead = kUnchangedAtRest | bit(Field::memory);
  const bool is_of_stat = plans_[false].sources == bit(Source::kStat) && (fields_ & bit(Field::cpuTimes)) != 0;
  rests_ = samples_ && is_of_stat && (fields_ & ~kRead) == 0 && root_.own() && !lacks_boot_;
  if (rests_ && request.cursor.from == 0) known_->begin(root_);
}

void ProcessReader::end_held(bool is_last) {
  if (held_ != nullptr) held_->end(is_last);
}

// A process can always read its own memory map: through `self` even where its number is denied.
Failure ProcessReader::read_blocking(OpenProcess& row, Source source, int directory, std::string_view& text) {
  const char* name = row_of(source).name;
  const bool is_self = root_.own() && row.target.pid == getpid();
  if (is_self || !root_.is_procfs()) return root_.read(directory, name, text);
  return scratch_.blocking.read(root_, row.target.pid, directory, name, text);
}

Failure ProcessReader::read_of_thread(OpenProcess& row, Source source, int directory, std::string_view& text) {
  return row_of(source).blocks ? read_blocking(row, source, directory, text)
                               : root_.read(directory, row_of(source).name, text);
}

Failure ProcessReader::open_file(OpenProcess& row, Source source, int& file) {
  file = held_ == nullptr ? -1 : held_->take(source);
  if (file >= 0) return {};
  const char* name = row_of(source).name;
  PidPath path(row.target.pid);
  file = root_.open_file(root_.fd(), path.file(name));
  if (file >= 0) return {};
  const Failure failure = failure_of(errno, "open");
  if (failure.number != ENOENT || !has_directory(row.target.pid)) return explain(row, failure);
  // The process exists, and its file did not: it may have begun between the two reads.
  file = root_.open_file(root_.fd(), path.file(name));
  return file >= 0 ? Failure{} : explain(row, failure_of(errno, "open"));
}

}  // namespace psutil
