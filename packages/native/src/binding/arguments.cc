#include "binding/arguments.h"

#include <cstring>

namespace psutil {
namespace {

// The bits of `flags`; lib/addon.ts names the same.
constexpr uint32_t kWholeSources = 1;
constexpr uint32_t kListed = 2;
constexpr uint32_t kDropGone = 4;
constexpr uint32_t kAllFlags = kWholeSources | kListed | kDropGone;

// The answer's header counts in 31 bits and has no room for more; no system has as many processes.
constexpr size_t kMostPids = size_t{1} << 24;
constexpr double kMostExact = 9007199254740991;  // 2 ** 53 - 1

constexpr int32_t kNoPids[] = {0};

bool refuse(Napi::Env env, const char* code, const char* message) {
  // A thread that is being ended throws already, and a second error would end the program.
  if (env.IsExceptionPending()) return false;
  Napi::Error error = Napi::TypeError::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  error.ThrowAsJavaScriptException();
  return false;
}

bool refuse_type(Napi::Env env, const char* message) { return refuse(env, "ERR_INVALID_ARG_TYPE", message); }
bool refuse_value(Napi::Env env, const char* message) { return refuse(env, "ERR_INVALID_ARG_VALUE", message); }

bool is_absent(const Napi::Value& value) { return value.IsNull() || value.IsUndefined(); }

// A whole number within these bounds, of at most 53 bits.
bool is_whole(double number, double least, double most) {
  // NaN is not within any bounds.
  return number >= least && number <= most && number == static_cast<double>(static_cast<int64_t>(number));
}

bool whole_of(const Napi::Value& value, double least, double most, double& number) {
  if (!value.IsNumber()) return false;
  number = value.As<Napi::Number>().DoubleValue();
  return is_whole(number, least, most);
}

template <typename T>
struct Elements {
  const T* data = nullptr;
  size_t count = 0;
};

// The elements of a typed array, where it is one of that type.
template <typename T>
bool elements_of(const Napi::Value& value, napi_typedarray_type type, Elements<T>& elements, napi_value& buffer) {
  napi_typedarray_type actual;
  void* data;
  bool typed;
  if (napi_is_typedarray(value.Env(), value, &typed) != napi_ok || !typed) return false;
  if (napi_get_typedarray_info(value.Env(), value, &actual, &elements.count, &data, &buffer, nullptr) != napi_ok) {
    return false;
  }
  elements.data = static_cast<const T*>(data);
  return actual == type;
}

// The same, where it is of memory that stays as it is while the request is read: another thread may change shared memory
// behind the checks, and what was transferred to another thread is not here any more.
template <typename T>
bool own_elements_of(const Napi::Value& value, napi_typedarray_type type, Elements<T>& elements) {
  napi_value buffer;
  bool unshared = false;
  if (!elements_of(value, type, elements, buffer)) return false;
  if (napi_is_arraybuffer(value.Env(), buffer, &unshared) != napi_ok || !unshared) return false;
  bool detached = false;
  if (elements.count == 0) napi_is_detached_arraybuffer(value.Env(), buffer, &detached);
  return !detached;
}

// An optional last argument. It is shared: others count in it while it is looked at.
bool hurry_of(const Napi::Value& value, const int32_t*& hurry) {
  Elements<int32_t> elements;
  napi_value buffer;
  if (is_absent(value)) return true;
  if (!elements_of(value, napi_int32_array, elements, buffer) || elements.count == 0) {
    return refuse_type(value.Env(), "The \"hurry\" argument must be an Int32Array with an element, or null");
  }
  hurry = elements.data;
  return true;
}

bool pids_of(const Napi::Value& value, ReadRequest& request) {
  if (value.IsNull()) return true;
  Elements<int32_t> pids;
  if (!own_elements_of(value, napi_int32_array, pids)) {
    return refuse_type(value.Env(),
                       "The \"pids\" argument must be an Int32Array that is neither shared nor detached, or null");
  }
  if (pids.count > kMostPids) {
    return refuse_value(value.Env(), "The \"pids\" argument must have at most 2 ** 24 elements");
  }
  // An empty array has no address; that of a request for every process is null.
  request.pids = pids.data == nullptr ? kNoPids : pids.data;
  request.count = pids.count;
  return true;
}

// One element for each PID, where there are any.
template <typename T>
bool for_each_pid(const Napi::Value& value, napi_typedarray_type type, const ReadRequest& request, const T*& data) {
  if (is_absent(value)) return true;
  Elements<T> elements;
  if (!own_elements_of(value, type, elements) || request.pids == nullptr || elements.count != request.count) return false;
  data = elements.data;
  return true;
}

bool masks_of(const Napi::Value& value, ReadRequest& request) {
  if (!for_each_pid(value, napi_float64_array, request, request.masks)) {
    return refuse_type(value.Env(), "The \"masks\" argument must be a Float64Array as long as pids, or null");
  }
  for (size_t i = 0; request.masks != nullptr && i < request.count; i++) {
    if (is_whole(request.masks[i], 0, kMostExact) && (request.fields_of(i) & ~request.fields) == 0) continue;
    return refuse_value(value.Env(), "The \"masks\" argument must have no bits that fields lacks");
  }
  return true;
}

// The number, place and length of a walk's part: all three, or none.
bool walk_of(const Napi::CallbackInfo& info, ReadRequest& request) {
  const Napi::Env env = info.Env();
  request.most = SIZE_MAX;
  if (is_absent(info[6]) && is_absent(info[7]) && is_absent(info[8])) return true;
  double from;
  double most;
  if (!whole_of(info[6], 0, kMostExact, request.walk) || request.pids != nullptr) {
    return refuse_type(env, "The \"walk\" argument must be a whole number >= 0, and only where pids is null");
  }
  if (!whole_of(info[7], 0, INT32_MAX, from)) {
    return refuse_type(env, "The \"from\" argument must be a whole number >= 0 and <= 2 ** 31 - 1");
  }
  if (!whole_of(info[8], 1, UINT32_MAX, most)) {
    return refuse_type(env, "The \"most\" argument must be a whole number >= 1 and <= 2 ** 32 - 1");
  }
  request.from = static_cast<int32_t>(from);
  request.most = static_cast<size_t>(most);
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

bool read_request_of(const Napi::CallbackInfo& info, ReadRequest& request) {
  const Napi::Env env = info.Env();
  if (!pids_of(info[0], request)) return false;
  if (!for_each_pid(info[1], napi_float64_array, request, request.starts)) {
    return refuse_type(env, "The \"starts\" argument must be a Float64Array as long as pids, or null");
  }
  double fields;
  if (!whole_of(info[2], 0, static_cast<double>(kAllFields), fields)) {
    return refuse_type(env, "The \"fields\" argument must be a mask of fields: a number with no other bits");
  }
  request.fields = static_cast<FieldSet>(fields);
  if (!masks_of(info[3], request)) return false;
  double flags;
  if (!whole_of(info[4], 0, kAllFlags, flags)) {
    return refuse_type(env, "The \"flags\" argument must be a sum of ReadFlag's values");
  }
  const auto bits = static_cast<uint32_t>(flags);
  request.whole_sources = (bits & kWholeSources) != 0;
  request.listed = (bits & kListed) != 0;
  request.drop_gone = (bits & kDropGone) != 0;
  if (!hurry_of(info[5], request.hurry) || !walk_of(info, request)) return false;
  if (request.pids != nullptr) return true;
  const Capabilities able = capabilities();
  if (able.walk == nullptr && (able.bulk == 0 || (request.fields & ~able.bulk) != 0)) {
    return refuse_value(env, "The \"pids\" argument may be null only where a walk or one call brings every field");
  }
  if (request.whole_sources) {
    return refuse_value(env, "The \"flags\" argument must not have wholeSources where pids is null");
  }
  return true;
}

bool list_request_of(const Napi::CallbackInfo& info, ListRequest& request) {
  const Napi::Env env = info.Env();
  double cursor;
  if (!whole_of(info[0], 0, kMostExact, cursor)) {
    return refuse_type(env, "The \"cursor\" argument must be 0, or the cursor of the listing before");
  }
  const double most = info[1].IsNumber() ? info[1].As<Napi::Number>().DoubleValue() : 0;
  // Infinity is as many as there are.
  if (!(most >= 1)) return refuse_type(env, "The \"most\" argument must be a number >= 1");
  request.cursor = static_cast<int64_t>(cursor);
  request.most = most < 1e9 ? static_cast<size_t>(most) : SIZE_MAX;
  request.hurry = nullptr;
  return hurry_of(info[2], request.hurry);
}

bool set_request_of(const Napi::CallbackInfo& info, SetRequest& request) {
  const Napi::Env env = info.Env();
  double pid;
  double resource;
  if (!whole_of(info[0], INT32_MIN, INT32_MAX, pid)) {
    return refuse_type(env, "The \"pid\" argument must be a whole number of 32 bits");
  }
  request.target.pid = static_cast<int32_t>(pid);
  if (!info[1].IsNumber()) return refuse_type(env, "The \"start\" argument must be a number");
  request.target.start = info[1].As<Napi::Number>().DoubleValue();
  if (!whole_of(info[2], INT32_MIN, INT32_MAX, resource)) {
    return refuse_type(env, "The \"resource\" argument must be a whole number of 32 bits");
  }
  request.resource = static_cast<int32_t>(resource);
  bool whole = false;
  if (info[3].IsBigInt()) request.limit.soft = info[3].As<Napi::BigInt>().Uint64Value(&whole);
  if (!whole) return refuse_type(env, "The \"soft\" argument must be a bigint >= 0n and < 2n ** 64n");
  whole = false;
  if (info[4].IsBigInt()) request.limit.hard = info[4].As<Napi::BigInt>().Uint64Value(&whole);
  if (!whole) return refuse_type(env, "The \"hard\" argument must be a bigint >= 0n and < 2n ** 64n");
  return true;
}

}  // namespace psutil
