#include "harness/check.h"
#include "harness/recorded.h"

int main(int count, char** arguments) {
  if (count < 2) return 2;
  check::recorded_folder = arguments[1];
  return check::run_all(count > 2 ? arguments[2] : nullptr) == 0 ? 0 : 1;
}
