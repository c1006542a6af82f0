// For a system that has no backend yet. The packages install and import there, and every call fails with "not supported".
#include "platform/backend.h"

#include <cmath>

#include "platform/shared/errno.h"

namespace psutil {
namespace {

constexpr const char* kNoSources[] = {nullptr};

Failure not_supported() { return unsupported("none"); }

}  // namespace

struct Backend::State {};

Capabilities capabilities() {
  return {"unsupported", "nothing", 0, 0, 0, false, Reach::kNone, Reach::kNone, kNoSources};
}

Backend::Backend(const char*, double) {}
Backend::~Backend() = default;

bool Backend::read(const ReadRequest& request, TableBuilder& table, SourceCounts&) {
  if (!table.begin(request.fields, request.count)) return false;
  for (size_t i = 0; i < request.count && !request.should_stop(i); i++) {
    table.open_row(request.pids[i]);
    for (size_t field = 0; field < kFieldCount; field++) {
      if (table.fields() >> field & 1) table.fail(static_cast<Field>(field), not_supported());
    }
    table.keep_row();
  }
  return !table.out_of_memory();
}

Failure Backend::list(int64_t&, size_t, const int32_t*, Array<int32_t>&) { return not_supported(); }
Failure Backend::list_descendants(const int32_t*, size_t, size_t, Array<int32_t>&, bool&) { return not_supported(); }
Failure Backend::act(const Action&, ActionResult&) { return not_supported(); }
void Backend::end_sampler(uint32_t) {}
std::string_view Backend::boot_id() { return {}; }
bool Backend::rest() { return false; }
Clock Backend::clock() { return {}; }
double Backend::now() { return std::nan(""); }

}  // namespace psutil
