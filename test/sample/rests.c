/* Rests, and does one thing for each line:

     run NAME     takes the name, and works for 60 ms
     children     has a child that works for 60 ms, and waits for it

   Its first line is the address of 16 MiB that it has never written to. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORK_NS = 60 * 1000 * 1000, BYTES = 16 << 20 };

static long long used(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void work(void) {
  for (const long long until = used() + WORK_NS; used() < until;) continue;
}

int main(void) {
  const void *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 1;
  printf("%llu\n", (unsigned long long)memory);
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, "run ", 4) == 0) {
      prctl(PR_SET_NAME, line + 4);
      work();
    } else {
      const pid_t child = fork();
      if (child == 0) {
        work();
        _exit(0);
      }
      waitpid(child, NULL, 0);
    }
    puts("done");
    fflush(stdout);
  }
}
