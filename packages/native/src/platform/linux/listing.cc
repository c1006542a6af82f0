#include "platform/linux/listing.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "platform/posix/failure.h"
#include "platform/posix/pid_path.h"

namespace psutil {
namespace {

// struct linux_dirent64, of which the kernel's headers give no C++ version.
struct Entry {
  uint64_t inode;
  int64_t next;  // the directory's position behind this entry
  uint16_t length;
  uint8_t type;
  char name[1];
};
constexpr size_t kNameOffset = 19;
constexpr size_t kEntrySize = 32;  // of a PID of five to seven digits
constexpr size_t kMostBytes = 8 * 1024;
constexpr size_t kLeastBytes = 1024;
constexpr size_t kFirstRows = 1024;

// PIDs one after the other, from a position on. A procfs counts positions by PID, so a listing is taken up again where
// it stopped, whoever has come or gone meanwhile.
class Listing {
 public:
  Listing(Root& root, int64_t cursor, size_t most)
      : directory_(open_at(root.fd(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
        cursor_(cursor),
        wanted_(std::clamp(most < kMostBytes ? most * kEntrySize : kMostBytes, kLeastBytes, kMostBytes)) {
    if (directory_.get() < 0) {
      failure_ = failure_of(errno, "open");
    } else if (cursor > 0 && lseek(directory_.get(), cursor, SEEK_SET) < 0) {
      failure_ = failure_of(errno, "lseek");
    }
  }

  // False behind the last, and where it failed.
  bool next(int32_t& pid) {
    for (;;) {
      while (at_ < length_) {
        const auto* entry = reinterpret_cast<const Entry*>(bytes_ + at_);
        pid = pid_of_name(bytes_ + at_ + kNameOffset);
        cursor_ = entry->next;
        at_ += entry->length;
        if (pid > 0) return true;
      }
      if (!fill()) return false;
    }
  }

  // Behind the PID that was told last; -1 behind the last of all.
  int64_t cursor() const { return cursor_; }
  const Failure& failure() const { return failure_; }

 private:
  bool fill() {
    if (!failure_.ok()) return false;
    do {
      length_ = syscall(SYS_getdents64, directory_.get(), bytes_, wanted_);
    } while (length_ < 0 && errno == EINTR);
    at_ = 0;
    if (length_ < 0) failure_ = failure_of(errno, "getdents64");
    if (length_ == 0) cursor_ = -1;
    return length_ > 0;
  }

  const Descriptor directory_;
  int64_t cursor_;
  const size_t wanted_;
  Failure failure_;
  long at_ = 0;
  long length_ = 0;
  alignas(Entry) char bytes_[kMostBytes];
};

}  // namespace

Failure list_pids(Root& root, int64_t& cursor, size_t most, const int32_t* hurry, Array<int32_t>& pids) {
  // Of other file systems nobody knows what a position is: they are listed at one go.
  if (!root.own()) most = SIZE_MAX;
  Listing listing(root, cursor, most);
  const size_t until = most > SIZE_MAX - pids.size() ? SIZE_MAX : pids.size() + most;
  int32_t pid;
  while (pids.size() < until && listing.next(pid)) {
    if (!pids.push(pid)) return failure_of(ENOMEM, "malloc");
    if (hurry != nullptr && root.own() && __atomic_load_n(hurry, __ATOMIC_RELAXED) > 0) break;
  }
  cursor = listing.cursor();
  return listing.failure();
}

bool read_listed(Root& root, const ReadRequest& request, RowReader& reader, MainThread& main_thread, Columns& columns) {
  const FieldMask fields = reader.prepare(request);
  if (!columns.begin(fields, std::min(request.most, kFirstRows))) return false;
  Listing listing(root, request.from, request.most);
  main_thread.watch();
  int32_t pid;
  for (size_t i = 0; columns.rows() < request.most && !request.should_stop(i) && listing.next(pid); i++) {
    if (columns.rows() == columns.capacity() && !columns.refit(columns.capacity() * 2)) return false;
    columns.open_row(pid);
    if (reader.read({pid}, fields, columns)) {
      columns.keep_row();
    } else {
      columns.drop_row();
    }
    if (request.looks_around(i) && main_thread.is_kept_waiting()) break;
  }
  main_thread.leave();
  if (!listing.failure().ok()) columns.refuse(listing.failure());
  columns.set_next(static_cast<int32_t>(listing.cursor()));
  return columns.refit(columns.rows()) && !columns.out_of_memory();
}

}  // namespace psutil
