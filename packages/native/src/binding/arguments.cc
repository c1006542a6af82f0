#include "binding/arguments.h"

#include <cstring>

#include "binding/values.h"

namespace psutil {
namespace {

// The bits of `flags`, as in lib/protocol/request.ts.
constexpr uint32_t kWholeSources = 1;
constexpr uint32_t kListed = 2;
constexpr uint32_t kDropGone = 4;
constexpr uint32_t kSampled = 8;
constexpr uint32_t kAllFlags = kWholeSources | kListed | kDropGone | kSampled;

// The header of a frame counts in 31 bits; no system has as many processes.
constexpr size_t kMaxPids = size_t{1} << 24;
constexpr double kMaxExact = 9007199254740991;  // 2 ** 53 - 1

// Optional. Other threads count in this shared memory while it is read.
bool urgent_pending_of(const Napi::Value& value, const int32_t*& urgent_pending) {
  Elements<int32_t> elements;
  napi_value buffer;
  if (is_absent(value)) return true;
  if (!elements_of(value, napi_int32_array, elements, buffer) || elements.count == 0) {
    return refuse_type(value.Env(), "The \"urgentPending\" argument must be an Int32Array with an element, or null");
  }
  urgent_pending = elements.data;
  return true;
}

bool pids_of(const Napi::Value& value, ReadRequest& request) {
  Elements<int32_t> pids;
  if (!own_elements_of(value, napi_int32_array, pids)) {
    return refuse_type(value.Env(), "The \"pids\" argument must be an Int32Array that is neither shared nor detached");
  }
  if (pids.count > kMaxPids) {
    return refuse_value(value.Env(), "The \"pids\" argument must have at most 2 ** 24 elements");
  }
  request.pids = pids.data;
  request.count = pids.count;
  return true;
}

// An optional array with an element for each PID.
template <typename T>
bool for_each_pid(const Napi::Value& value, napi_typedarray_type type, const ReadRequest& request, const T*& data) {
  if (is_absent(value)) return true;
  Elements<T> elements;
  if (!own_elements_of(value, type, elements) || elements.count != request.count) return false;
  data = elements.data;
  return true;
}

// A table of field sets, and for each PID its position there: both or none.
bool sets_of(const Napi::Value& value, const Napi::Value& positions, ReadRequest& request) {
  const Napi::Env env = value.Env();
  Elements<double> sets;
  if (is_absent(value) && is_absent(positions)) return true;
  if (!own_elements_of(value, napi_float64_array, sets)) {
    return refuse_type(env, "The \"sets\" argument must be a Float64Array, or null as setOf");
  }
  for (size_t i = 0; i < sets.count; i++) {
    if (is_whole(sets.data[i], 0, kMaxExact) && (static_cast<FieldSet>(sets.data[i]) & ~request.fields) == 0) continue;
    return refuse_value(env, "The \"sets\" argument must have no bits that fields lacks");
  }
  if (is_absent(positions) || !for_each_pid(positions, napi_uint8_array, request, request.set_of)) {
    return refuse_type(env, "The \"setOf\" argument must be a Uint8Array as long as pids, or null as sets");
  }
  for (size_t i = 0; i < request.count; i++) {
    if (request.set_of[i] < sets.count) continue;
    return refuse_value(env, "The \"setOf\" argument must have positions in sets only");
  }
  request.sets = sets.data;
  return true;
}

bool cursor_of(const Napi::CallbackInfo& info, CursorPart& cursor) {
  const Napi::Env env = info.Env();
  double from;
  double max;
  if (!whole_of(info[kCursorNumber], 0, kMaxExact, cursor.number)) {
    return refuse_type(env, "The \"number\" argument must be a whole number >= 0");
  }
  if (!whole_of(info[kCursorFrom], 0, INT32_MAX, from)) {
    return refuse_type(env, "The \"from\" argument must be a whole number >= 0 and <= 2 ** 31 - 1");
  }
  if (!whole_of(info[kCursorMax], 1, UINT32_MAX, max)) {
    return refuse_type(env, "The \"max\" argument must be a whole number >= 1 and <= 2 ** 32 - 1");
  }
  cursor.from = static_cast<int32_t>(from);
  cursor.max = static_cast<size_t>(max);
  return true;
}

// Optional.
bool sampler_of(const Napi::CallbackInfo& info, ReadRequest& request) {
  const Napi::Env env = info.Env();
  double sampler = 0;
  double max_held = -1;
  if (!is_absent(info[kCursorSampler]) && !whole_of(info[kCursorSampler], 0, UINT32_MAX, sampler)) {
    return refuse_type(env, "The \"sampler\" argument must be a whole number >= 0 and <= 2 ** 32 - 1");
  }
  if (!is_absent(info[kCursorMaxHeld]) && !whole_of(info[kCursorMaxHeld], -1, INT32_MAX, max_held)) {
    return refuse_type(env, "The \"maxHeld\" argument must be a whole number >= -1 and <= 2 ** 31 - 1");
  }
  request.sampler = static_cast<uint32_t>(sampler);
  request.max_held = static_cast<int64_t>(max_held);
  return true;
}

bool flags_of(const Napi::Value& value, ReadRequest& request) {
  double flags;
  if (!whole_of(value, 0, kAllFlags, flags)) {
    return refuse_type(value.Env(), "The \"flags\" argument must be a sum of ReadFlag's values");
  }
  const auto bits = static_cast<uint32_t>(flags);
  request.whole_sources = (bits & kWholeSources) != 0;
  request.listed = (bits & kListed) != 0;
  request.drop_gone = (bits & kDropGone) != 0;
  request.sampled = (bits & kSampled) != 0;
  return true;
}

// Whether this backend can read every process in this way.
bool reads_every_process(Napi::Env env, const ReadRequest& request) {
  const Capabilities able = capabilities();
  if (request.whole_sources) {
    return refuse_value(env, "The \"flags\" argument must not have wholeSources in a read of every process");
  }
  if (request.kind == ReadKind::kTable && (able.bulk == 0 || (request.fields & ~able.bulk) != 0)) {
    return refuse_value(env, "The \"fields\" argument must have only fields that one call returns of every process");
  }
  if (request.kind == ReadKind::kCursor && (request.listed ? !able.reads_list : able.walk == nullptr)) {
    return refuse_value(env, "The \"op\" argument must not be a cursor that this system does not have");
  }
  return true;
}

}  // namespace

std::string proc_root_of(const Napi::CallbackInfo& info) {
  std::string path = info[0].IsString() ? info[0].As<Napi::String>().Utf8Value() : std::string();
  if (path.empty() || std::strlen(path.c_str()) != path.size()) {
    refuse_type(info.Env(), "The \"procRoot\" argument must be a path: a string that is not empty and has no null bytes");
    path.clear();
  }
  return path;
}

bool stall_timeout_of(const Napi::CallbackInfo& info, double& milliseconds) {
  if (is_absent(info[1])) return true;
  if (napi_get_value_double(info.Env(), info[1], &milliseconds) == napi_ok && milliseconds > 0) return true;
  return refuse_type(info.Env(), "The \"stallTimeout\" argument must be a number > 0, in milliseconds");
}

bool operation_of(const Napi::CallbackInfo& info, Operation& operation) {
  double number;
  if (!whole_of(info[0], 0, kOperationCount - 1, number)) {
    return refuse_type(info.Env(), "The \"op\" argument must be one of Op's values");
  }
  operation = static_cast<Operation>(static_cast<uint8_t>(number));
  return true;
}

bool read_request_of(const Napi::CallbackInfo& info, Operation operation, ReadRequest& request) {
  const Napi::Env env = info.Env();
  double fields;
  if (!whole_of(info[kReadFields], 0, static_cast<double>(kAllFields), fields)) {
    return refuse_type(env, "The \"fields\" argument must be a set of fields: a number with no other bits");
  }
  request.fields = static_cast<FieldSet>(fields);
  if (!flags_of(info[kReadFlags], request) || !urgent_pending_of(info[kReadUrgentPending], request.urgent_pending)) return false;
  if (operation != Operation::kPids) {
    request.kind = operation == Operation::kTable ? ReadKind::kTable : ReadKind::kCursor;
    if (request.kind == ReadKind::kCursor && !(cursor_of(info, request.cursor) && sampler_of(info, request))) return false;
    return reads_every_process(env, request);
  }
  request.kind = ReadKind::kPids;
  if (!pids_of(info[kPidsPids], request)) return false;
  if (!for_each_pid(info[kPidsStarts], napi_float64_array, request, request.starts)) {
    return refuse_type(env, "The \"starts\" argument must be a Float64Array as long as pids, or null");
  }
  return sets_of(info[kPidsSets], info[kPidsSetOf], request);
}

bool ended_sampler_of(const Napi::CallbackInfo& info, uint32_t& sampler) {
  double number;
  if (!whole_of(info[kEndSamplerSampler], 1, UINT32_MAX, number)) {
    return refuse_type(info.Env(), "The \"sampler\" argument must be a whole number >= 1 and <= 2 ** 32 - 1");
  }
  sampler = static_cast<uint32_t>(number);
  return true;
}

bool list_request_of(const Napi::CallbackInfo& info, ListRequest& request) {
  const Napi::Env env = info.Env();
  double cursor;
  if (!whole_of(info[kListCursor], 0, kMaxExact, cursor)) {
    return refuse_type(env, "The \"cursor\" argument must be 0, or the cursor of the listing before");
  }
  const double max = info[kListMax].IsNumber() ? info[kListMax].As<Napi::Number>().DoubleValue() : 0;
  // Infinity: all PIDs.
  if (!(max >= 1)) return refuse_type(env, "The \"max\" argument must be a number >= 1");
  request.cursor = static_cast<int64_t>(cursor);
  request.max = max < 1e9 ? static_cast<size_t>(max) : SIZE_MAX;
  request.urgent_pending = nullptr;
  return urgent_pending_of(info[kListUrgentPending], request.urgent_pending);
}

bool descendants_request_of(const Napi::CallbackInfo& info, DescendantsRequest& request) {
  ReadRequest of = {};
  double max;
  if (!pids_of(info[kDescendantsPids], of)) return false;
  if (!whole_of(info[kDescendantsMax], 1, INT32_MAX, max)) {
    return refuse_type(info.Env(), "The \"max\" argument must be a whole number >= 1 and <= 2 ** 31 - 1");
  }
  request = {of.pids, of.count, static_cast<size_t>(max)};
  return true;
}

}  // namespace psutil
