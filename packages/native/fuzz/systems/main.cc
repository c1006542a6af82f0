// The library of a system has functions of that system's C library, such as open(), which this program must not call. So the
// program is separate from the library.
#include <cstddef>
#include <cstdint>

extern "C" int psutil_fuzz(const uint8_t* data, size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) { return psutil_fuzz(data, size); }
