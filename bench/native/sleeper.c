/*
 * One of the herd: sleeps until it is killed, and maps next to nothing.
 *
 * Ten thousand processes that share the pages of a C library cost the machine more than their sleep: a kernel that
 * samples which pages are in use (DAMON) follows each shared page to all of its owners, and took a third of a
 * processor from whatever was measured. This has one page of code, one of stack, and no library.
 */
#if defined(__x86_64__)
enum { PAUSE = 34 };
static void pause_for_ever(void) {
  for (;;) {
    long result = PAUSE;
    __asm__ volatile("syscall" : "+a"(result) : : "rcx", "r11", "memory");
  }
}
#elif defined(__aarch64__)
enum { PPOLL = 73 };
static void pause_for_ever(void) {
  for (;;) {
    register long fds __asm__("x0") = 0;
    register long count __asm__("x1") = 0;
    register long timeout __asm__("x2") = 0;
    register long mask __asm__("x3") = 0;
    register long call __asm__("x8") = PPOLL;
    __asm__ volatile("svc 0" : "+r"(fds) : "r"(count), "r"(timeout), "r"(mask), "r"(call) : "memory");
  }
}
#else
#error "sleeper.c: write down how this processor makes a system call"
#endif

void _start(void) { pause_for_ever(); }
