// Compares parse_stat() with the slow reading.
#include "harness.h"
#include "harness/plain_stat.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const check::Bytes bytes = fuzz::bytes_of(data, size);
  EXPECT_STAT_READ_ALIKE(bytes.text());
  fuzz::stop_if_failing(bytes.text());
  return 0;
}
