// Gives programs that generate.mjs made to the kernel, without libbpf: the bpf system call is all it takes.
// https://man7.org/linux/man-pages/man2/bpf.2.html
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/failure.h"
#include "platform/linux/bpf/packed_bytes.h"

namespace psutil {

// A program that loads others, and the data that it reads: both of a generated header.
struct LightProgram {
  PackedBytes instructions;
  PackedBytes data;
};

// What the loading program is given and answers with begins with this. Behind it stand a LoadedMap for each map and then a
// descriptor for each program, in the order that generate.mjs knows.
struct LoaderHead {
  uint32_t size;
  uint32_t flags;
  uint32_t log_level;
  uint32_t log_size;
  uint64_t log;
};

struct LoadedMap {
  int32_t fd;
  uint32_t entries;
  uint64_t value;
};

// Loads it. `context` has so many bytes and begins with a LoaderHead. Where it is loaded, the descriptors in it are the caller's to
// close.
Failure load_light_program(const LightProgram& program, LoaderHead* context, uint32_t context_size);

// The commands of bpf(2) that are used. Headers of an old system lack the newer ones, and the numbers and the places of the
// attributes are the kernel's ABI: include/uapi/linux/bpf.h. Every descriptor that the kernel makes is closed on exec.
enum class BpfCommand : int {
  kMapCreate = 0,
  kMapUpdate = 2,
  kProgramLoad = 5,
  kProgramRun = 10,
  kRawTracepointOpen = 17,
  kLinkCreate = 28,
  kIteratorCreate = 33,
};

int bpf_call(BpfCommand command, void* attributes, size_t size);

template <typename Attributes>
int bpf_call(BpfCommand command, Attributes& attributes) {
  return bpf_call(command, &attributes, sizeof attributes);
}

// Writes the only element of an array.
bool update_map(int map, const void* value);

// Whether the bpf system call is let through at all: 0, or the errno with which it is refused.
int bpf_refused();

template <typename T>
uint64_t address_of(const T* pointer) {
  return reinterpret_cast<uintptr_t>(pointer);
}

}  // namespace psutil
