#include "binding/reader.h"

#include <chrono>
#include <cmath>
#include <cstring>

#include "binding/arguments.h"
#include "platform/shared/clock.h"

namespace psutil {
namespace {

// A double is exact in 53 bits. The bits above a value are the sources.
constexpr size_t kPackedSources = 21;

// No action returns more.
constexpr size_t kMaxValues = kMaxMaskWords;

Napi::Value out_of_memory(Napi::Env env) {
  Napi::RangeError::New(env, "out of memory").ThrowAsJavaScriptException();
  return env.Undefined();
}

// Most calls read one whole number of one process. It needs no frame: a number crosses threads in a quarter of the time.
// The bits above its 32 are the sources that were read.
bool is_single(const TableBuilder& table, const SourceCounts& counts, double& single) {
  const FieldSet fields = table.fields();
  if (fields == 0 || (fields & (fields - 1)) != 0 || table.rows() != 1 || table.failures().size() > 0) return false;
  const FieldRow& row = row_of(static_cast<Field>(__builtin_ctzll(fields)));
  if (row.storage != Storage::kFixed || table.validity(row.first) != nullptr) return false;
  const uint8_t* cell = table.column(row.first);
  int32_t value;
  switch (kColumnWidths[row.first]) {
    case 4:
      std::memcpy(&value, cell, sizeof value);
      break;
    case 1:
      value = *cell;
      break;
    default:
      return false;
  }
  uint32_t sources = 0;
  for (size_t i = 0; i < SourceCounts::kSources; i++) {
    if (counts.reads[i] <= 0) continue;
    if (i >= kPackedSources) return false;
    sources |= 1u << i;
  }
  single = static_cast<double>(sources) * 4294967296.0 + static_cast<double>(static_cast<uint32_t>(value));
  return true;
}

}  // namespace

Napi::Value failure_object(Napi::Env env, const Failure& failure) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("kind", static_cast<double>(failure.kind));
  object.Set("errno", failure.number);
  object.Set("code", failure.code);
  object.Set("syscall", failure.syscall);
  if (*failure.about != '\0') object.Set("about", failure.about);
  if (failure.lasts) object.Set("lasts", true);
  return object;
}

Napi::Function Reader::constructor(Napi::Env env) {
  return DefineClass(env, "Reader", {InstanceMethod<&Reader::run>("run"), InstanceMethod<&Reader::rest>("rest"), InstanceMethod<&Reader::boot_id>("bootId")});
}

Reader::Reader(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Reader>(info) {
  const std::string proc_root = proc_root_of(info);
  double stall_timeout = kDefaultStallTimeout;
  if (proc_root.empty() || !stall_timeout_of(info, stall_timeout)) return;
  platform_ = std::make_unique<Backend>(proc_root.c_str(), stall_timeout);
}

Napi::Value Reader::rest(const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), platform_->rest()); }

Napi::Value Reader::boot_id(const Napi::CallbackInfo& info) {
  const std::string_view id = platform_->boot_id();
  return Napi::String::New(info.Env(), id.data() == nullptr ? "" : id.data(), id.size());
}

Napi::Value Reader::run(const Napi::CallbackInfo& info) {
  Operation operation;
  if (!operation_of(info, operation)) return info.Env().Undefined();
  switch (operation) {
    case Operation::kPids:
    case Operation::kTable:
    case Operation::kCursor:
      return read(info, operation);
    case Operation::kList:
      return list(info);
    case Operation::kAct:
      return act(info);
    case Operation::kDescendants:
      return descendants(info);
    case Operation::kEndSampler: {
      uint32_t sampler;
      if (ended_sampler_of(info, sampler)) platform_->end_sampler(sampler);
      break;
    }
  }
  return info.Env().Undefined();
}

Napi::Value Reader::read(const Napi::CallbackInfo& info, Operation operation) {
  Napi::Env env = info.Env();
  ReadRequest request = {};
  if (!read_request_of(info, operation, request)) return env.Undefined();
  SourceCounts counts;
  ReadTime time;
  time.at = request.sampled ? monotonic_ms() : request.whole_sources ? platform_->now() : std::nan("");
  const auto began = std::chrono::steady_clock::now();
  if (!platform_->read(request, table_, counts)) return out_of_memory(env);
  if (!table_.refused().ok()) return failure_object(env, table_.refused());
  time.elapsed = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - began).count();
  // Read for each request, because setting the clock moves it.
  if ((table_.fields() & bit(Field::startTime)) != 0) clock_ = platform_->clock();
  double single;
  if (request.count == 1 && !request.whole_sources && !request.drop_gone && is_single(table_, counts, single)) {
    return Napi::Number::New(env, single);
  }
  const size_t size = frame_size(table_, counts, time);
  // A header counts in 31 bits. The client divides requests into chunks far smaller than that.
  if (size > INT32_MAX) return out_of_memory(env);
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, size);
  if (buffer.IsEmpty()) return out_of_memory(env);
  write_frame(table_, counts, clock_, time, static_cast<uint8_t*>(buffer.Data()));
  return buffer;
}

Napi::Value Reader::list(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  ListRequest request;
  if (!list_request_of(info, request)) return env.Undefined();
  pids_.recycle();
  int64_t cursor = request.cursor;
  const Failure failure = platform_->list(cursor, request.max, request.urgent_pending, pids_);
  return failure.ok() ? listed(env, cursor) : failure_object(env, failure);
}

Napi::Value Reader::descendants(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  DescendantsRequest request;
  if (!descendants_request_of(info, request)) return env.Undefined();
  pids_.recycle();
  bool is_all = false;
  const Failure failure = platform_->list_descendants(request.pids, request.count, request.max, pids_, is_all);
  return failure.ok() ? listed(env, is_all ? -1 : 0) : failure_object(env, failure);
}

Napi::Value Reader::listed(Napi::Env env, int64_t cursor) {
  // A thread that has been terminated meanwhile creates no objects.
  Napi::Int32Array listed = Napi::Int32Array::New(env, pids_.size());
  if (listed.IsEmpty()) return out_of_memory(env);
  if (pids_.size() > 0) std::memcpy(listed.Data(), pids_.data(), pids_.size() * sizeof(int32_t));
  Napi::Object answer = Napi::Object::New(env);
  answer.Set("pids", listed);
  answer.Set("cursor", static_cast<double>(cursor));
  return answer;
}

Napi::Value Reader::act(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  Action action = {};
  if (!action_of(info, action)) return env.Undefined();
  before_.values.clear();
  // Created before anything is changed, so that the replaced values can be returned.
  if (!before_.values.reserve(kMaxValues)) return out_of_memory(env);
  const Failure failure = platform_->act(action, before_);
  if (!failure.ok()) return failure_object(env, failure);
  Napi::BigUint64Array values = Napi::BigUint64Array::New(env, before_.values.size());
  if (values.IsEmpty()) return out_of_memory(env);
  if (before_.values.size() > 0) std::memcpy(values.Data(), before_.values.data(), before_.values.size() * sizeof(uint64_t));
  return values;
}

}  // namespace psutil
