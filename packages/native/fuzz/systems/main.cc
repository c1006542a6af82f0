// The library of one system holds functions of its C library, such as open(), which this program must not take for its
// own: so the two are apart.
#include <cstddef>
#include <cstdint>

extern "C" int psutil_fuzz(const uint8_t* data, size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) { return psutil_fuzz(data, size); }
