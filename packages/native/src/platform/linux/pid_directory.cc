#include "platform/linux/pid_directory.h"

#include <cerrno>
#include <optional>

#include "platform/linux/numbered.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

// The processes in the order of their numbers: those that a sampler knows, or those that the kernel lists.
class Listing {
 public:
  Listing(ProcRoot& root, int64_t from, size_t max, KnownProcesses* known) : known_(known) {
    if (known_ == nullptr || !known_->are_known()) listed_.emplace(root.fd(), ".", from, max);
  }
  bool next(int32_t& pid) { return listed_ ? listed_->next(pid) : known_->next(pid); }
  size_t peek(int32_t* pids, size_t max) const { return listed_ ? listed_->peek(pids, max) : 0; }
  int64_t cursor() const { return listed_ ? listed_->cursor() : known_->cursor(); }
  Failure failure() const { return listed_ ? listed_->failure() : Failure{}; }
  void keep(int32_t pid) {
    if (known_ != nullptr) known_->add(pid);
  }
  void drop() {
    if (known_ != nullptr) known_->miss();
  }
  void end() {
    if (known_ != nullptr) known_->end(cursor() < 0, listed_ ? listed_->directories() : 0);
  }

 private:
  KnownProcesses* known_;
  std::optional<NumberedEntries> listed_;
};

}  // namespace

Failure list_pids(ProcRoot& root, int64_t& cursor, size_t max, const int32_t* urgent_pending, Array<int32_t>& pids) {
  // In other file systems the meaning of a position is unknown, so they are listed in one call.
  if (!root.own()) max = SIZE_MAX;
  NumberedEntries listing(root.fd(), ".", cursor, max);
  const size_t until = max > SIZE_MAX - pids.size() ? SIZE_MAX : pids.size() + max;
  int32_t pid;
  while (pids.size() < until && listing.next(pid)) {
    if (!pids.push(pid)) return failure_of(ENOMEM, "malloc");
    if (urgent_pending != nullptr && root.own() && __atomic_load_n(urgent_pending, __ATOMIC_RELAXED) > 0) break;
  }
  cursor = listing.cursor();
  return listing.failure();
}

bool read_listed(ProcRoot& root, const ReadRequest& request, ProcessReader& reader, StarvationMonitor& starvation,
                 TableBuilder& table) {
  const FieldSet fields = reader.prepare(request);
  if (!table.begin(fields, table.usual_rows(request.cursor.max))) return false;
  reader.begin_held(request);
  bool has_memory = true;
  Listing listing(root, request.cursor.from, request.cursor.max, reader.known());
  starvation.watch();
  int32_t pid;
  for (size_t i = 0; table.rows() < request.cursor.max && !table.is_full() && !request.should_stop(i) && listing.next(pid); i++) {
    if (table.rows() == table.capacity() && !table.refit(table.capacity() * 2)) {
      has_memory = false;
      break;
    }
    if (reader.ahead().is_low()) {
      int32_t following[ReadAhead::kMost] = {pid};
      reader.ahead().expect(following, 1 + listing.peek(following + 1, ReadAhead::kMost - 1));
    }
    table.open_row(pid);
    if (reader.read({pid}, fields, table)) {
      table.keep_row();
      listing.keep(pid);
    } else {
      table.drop_row();
      listing.drop();
    }
    if (request.checks_delay(i) && starvation.is_starved()) break;
  }
  starvation.leave();
  listing.end();
  reader.end_held(listing.cursor() < 0);
  if (!listing.failure().ok()) table.refuse(listing.failure());
  table.set_next(static_cast<int32_t>(listing.cursor()));
  return has_memory && table.refit(table.rows()) && !table.out_of_memory();
}

}  // namespace psutil
