#include "binding/reader.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>

namespace psutil {
namespace {

// The bits of `flags`; lib/addon.ts names the same.
constexpr uint32_t kWholeSources = 1;
constexpr uint32_t kListed = 2;
constexpr uint32_t kDropGone = 4;

constexpr int32_t kNoPids[] = {0};

// Only a mistake in this project's own JavaScript comes here: the client has checked every argument.
Napi::Value misuse(Napi::Env env, const char* message) {
  Napi::TypeError::New(env, message).ThrowAsJavaScriptException();
  return env.Undefined();
}

Napi::Value out_of_memory(Napi::Env env) {
  Napi::RangeError::New(env, "out of memory").ThrowAsJavaScriptException();
  return env.Undefined();
}

// The elements of a typed array, where it is one of that type.
template <typename T>
bool elements(const Napi::Value& value, napi_typedarray_type type, const T*& data, size_t& count) {
  napi_typedarray_type actual;
  void* found;
  bool typed;
  if (napi_is_typedarray(value.Env(), value, &typed) != napi_ok || !typed) return false;
  if (napi_get_typedarray_info(value.Env(), value, &actual, &count, &found, nullptr, nullptr) != napi_ok) return false;
  data = static_cast<const T*>(found);
  return actual == type;
}

// One whole number of one process, which most calls ask for, needs no frame: a number crosses threads in a
// quarter of the time. Above its 32 bits stands which sources were read for it, a bit each.
bool is_single(const Columns& columns, const SourceCounts& counts, double& single) {
  const FieldMask fields = columns.fields();
  if (fields == 0 || (fields & (fields - 1)) != 0 || columns.rows() != 1 || columns.failures().size() > 0) return false;
  const auto field = static_cast<Field>(__builtin_ctz(fields));
  const uint8_t* cell = columns.storage().data() + columns.offset(field);
  int32_t value;
  switch (kFields[static_cast<size_t>(field)].shape) {
    case Shape::kI32:
      std::memcpy(&value, cell, sizeof value);
      break;
    case Shape::kU8:
      value = *cell;
      break;
    default:
      return false;
  }
  uint32_t sources = 0;
  for (size_t i = 0; i < SourceCounts::kSources; i++) sources |= (counts.reads[i] > 0 ? 1u : 0u) << i;
  single = static_cast<double>(sources) * 4294967296.0 + static_cast<double>(static_cast<uint32_t>(value));
  return true;
}

// An optional last argument.
bool hurry_of(const Napi::CallbackInfo& info, size_t position, const int32_t*& hurry) {
  size_t count = 0;
  if (info.Length() <= position || info[position].IsNull() || info[position].IsUndefined()) return true;
  return elements(info[position], napi_int32_array, hurry, count) && count > 0;
}

}  // namespace

Napi::Value failure_object(Napi::Env env, const Failure& failure) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("kind", static_cast<double>(failure.kind));
  object.Set("errno", failure.number);
  object.Set("code", failure.code);
  object.Set("syscall", failure.syscall);
  if (*failure.about != '\0') object.Set("about", failure.about);
  return object;
}

Napi::Function Reader::constructor(Napi::Env env) {
  return DefineClass(env, "Reader",
                     {
                         InstanceMethod<&Reader::read>("read"),
                         InstanceMethod<&Reader::list>("list"),
                         InstanceMethod<&Reader::set_rlimit>("setRlimit"),
                     });
}

Reader::Reader(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Reader>(info) {
  if (info.Length() < 1 || !info[0].IsString()) {
    misuse(info.Env(), "procRoot must be a string");
    return;
  }
  platform_ = std::make_unique<Platform>(info[0].As<Napi::String>().Utf8Value().c_str());
}

Napi::Value Reader::read(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  ReadRequest request = {};
  if (info.Length() < 5 || !info[2].IsNumber() || !info[4].IsNumber() ||
      (!info[0].IsNull() && !elements(info[0], napi_int32_array, request.pids, request.count))) {
    return misuse(env, "read(pids, starts, fields, masks, flags)");
  }
  const bool every = info[0].IsNull();
  size_t starts = request.count;
  size_t masks = request.count;
  if (!info[1].IsNull() && (!elements(info[1], napi_float64_array, request.starts, starts) || starts < request.count)) {
    return misuse(env, "starts must be a Float64Array as long as pids, or null");
  }
  if (!info[3].IsNull() && (!elements(info[3], napi_uint32_array, request.masks, masks) || masks < request.count)) {
    return misuse(env, "masks must be a Uint32Array as long as pids, or null");
  }
  if (!hurry_of(info, 5, request.hurry)) return misuse(env, "hurry must be an Int32Array, or null");
  const uint32_t flags = info[4].As<Napi::Number>().Uint32Value();
  request.fields = info[2].As<Napi::Number>().Uint32Value() & kAllFields;
  if (every && capabilities().walk == nullptr && (request.fields & ~capabilities().bulk) != 0) {
    return misuse(env, "pids may be null only where every field is brought in bulk, or by a walk");
  }
  request.most = SIZE_MAX;
  if (info.Length() > 8 && info[6].IsNumber()) {
    request.walk = info[6].As<Napi::Number>().DoubleValue();
    request.from = info[7].As<Napi::Number>().Int32Value();
    request.most = std::max(info[8].As<Napi::Number>().Uint32Value(), 1u);
  }
  // An empty array has no address; that of a request for every process is null.
  if (!every && request.pids == nullptr) request.pids = kNoPids;
  request.whole_sources = (flags & kWholeSources) != 0;
  request.listed = (flags & kListed) != 0;
  request.drop_gone = (flags & kDropGone) != 0;

  SourceCounts counts;
  ReadTime time;
  time.at = request.whole_sources ? platform_->now() : std::nan("");
  const auto began = std::chrono::steady_clock::now();
  if (!platform_->read(request, columns_, counts)) return out_of_memory(env);
  if (!columns_.refused().ok()) return failure_object(env, columns_.refused());
  time.elapsed = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - began).count();
  if (!has_clock_ && (columns_.fields() & bit(Field::startTime)) != 0) {
    clock_ = platform_->clock();
    has_clock_ = true;
  }
  double single;
  if (request.count == 1 && !request.whole_sources && !request.drop_gone && is_single(columns_, counts, single)) {
    return Napi::Number::New(env, single);
  }
  const size_t size = frame_size(columns_);
  // A header counts in 31 bits; a request of that size is cut into chunks long before.
  if (size > INT32_MAX) return out_of_memory(env);
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, size);
  if (buffer.IsEmpty()) return out_of_memory(env);
  write_frame(columns_, counts, clock_, time, static_cast<uint8_t*>(buffer.Data()));
  return buffer;
}

Napi::Value Reader::list(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (info.Length() < 2 || !info[0].IsNumber() || !info[1].IsNumber()) return misuse(env, "list(cursor, most)");
  int64_t cursor = info[0].As<Napi::Number>().Int64Value();
  const double most = info[1].As<Napi::Number>().DoubleValue();
  const int32_t* hurry = nullptr;
  if (!hurry_of(info, 2, hurry)) return misuse(env, "hurry must be an Int32Array, or null");
  pids_.clear();
  const Failure failure =
      platform_->list(cursor, most < 1e9 ? static_cast<size_t>(most < 1 ? 1 : most) : SIZE_MAX, hurry, pids_);
  if (!failure.ok()) return failure_object(env, failure);
  // Nothing can be made in a thread that was ended meanwhile.
  Napi::Int32Array listed = Napi::Int32Array::New(env, pids_.size());
  if (listed.IsEmpty()) return out_of_memory(env);
  if (pids_.size() > 0) std::memcpy(listed.Data(), pids_.data(), pids_.size() * sizeof(int32_t));
  Napi::Object answer = Napi::Object::New(env);
  answer.Set("pids", listed);
  answer.Set("cursor", static_cast<double>(cursor));
  return answer;
}

Napi::Value Reader::set_rlimit(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (info.Length() < 5 || !info[0].IsNumber() || !info[1].IsNumber() || !info[2].IsNumber() || !info[3].IsBigInt() ||
      !info[4].IsBigInt()) {
    return misuse(env, "setRlimit(pid, start, resource, soft, hard)");
  }
  bool lossless;
  const Target target = {info[0].As<Napi::Number>().Int32Value(), info[1].As<Napi::Number>().DoubleValue()};
  const Limit limit = {info[3].As<Napi::BigInt>().Uint64Value(&lossless),
                       info[4].As<Napi::BigInt>().Uint64Value(&lossless)};
  Limit before = {};
  const Failure failure = platform_->set_rlimit(target, info[2].As<Napi::Number>().Int32Value(), limit, before);
  if (!failure.ok()) return failure_object(env, failure);
  Napi::Object answer = Napi::Object::New(env);
  answer.Set("soft", Napi::BigInt::New(env, before.soft));
  answer.Set("hard", Napi::BigInt::New(env, before.hard));
  return answer;
}

}  // namespace psutil
