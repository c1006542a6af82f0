// What the addon takes from a C++ library besides headers, so that the prebuilt binaries need no libc++ of
// theirs: linked in, it would bring unwinding, demangling and locales, three quarters of a binary, and
// import a libm and a dozen functions more. If the addon uses more of it, the link check names that.
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <new>
#include <string>

// Exceptions are off: nothing can catch bad_alloc.
void* operator new(std::size_t size) {
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  return memory;
}

void* operator new[](std::size_t size) { return operator new(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

// std::string's members are declared `extern template` in libc++'s headers.
template class std::basic_string<char>;

std::chrono::steady_clock::time_point std::chrono::steady_clock::now() noexcept {
  timespec time = {};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time_point(seconds(time.tv_sec) + nanoseconds(time.tv_nsec));
}

_LIBCPP_BEGIN_NAMESPACE_STD

// Where libc++ finds that it has been misused, or would throw.
void __libcpp_verbose_abort(const char*, ...) noexcept { std::abort(); }

_LIBCPP_END_NAMESPACE_STD
