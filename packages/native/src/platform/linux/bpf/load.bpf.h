// Loads from addresses that the verifier knows no type of.
#pragma once

// Makes a pointer of a number, without a call at run time: a load through it is as quick as any, and a bad address reads as zero.
// https://docs.kernel.org/bpf/kfuncs.html
extern void* bpf_rdonly_cast(const void* pointer, u32 type) __attribute__((section(".ksyms"), weak));
#define CAST(type, pointer) ((type*)bpf_rdonly_cast(pointer, __builtin_btf_type_id(*(type*)0, 1)))
// Linux 6.2 brought it, and these counters: what loads the program has no word for whether there is a function.
#define CAN_CAST EXISTS(((struct mm_struct*)0)->rss_stat[0].counters)

// The 8 bytes at an address. Before Linux 6.2 it takes a call, which is as long as ten loads.
INLINE u64 load(const void* address) {
  if (CAN_CAST) {
    const u64 of_member = OFFSET(((struct prev_cputime*)0)->utime);
    return CAST(struct prev_cputime, address - of_member)->utime;
  }
  u64 value = 0;
  probe_read_kernel(&value, sizeof value, address);
  return value;
}
