// A process whose main thread has ended while another lives: that one has umask 0031 and blocks SIGUSR2 alone.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_t leader;

static void* live(void* argument) {
  sigset_t blocked;
  (void)argument;
  pthread_join(leader, NULL);
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR2);
  pthread_sigmask(SIG_SETMASK, &blocked, NULL);
  umask(0031);
  printf("ready\n");
  fflush(stdout);
  // Ends with its input, so also when a test run is killed.
  for (char byte; read(0, &byte, 1) > 0;) continue;
  _exit(0);
}

int main(void) {
  pthread_t thread;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  umask(0077);
  leader = pthread_self();
  if (pthread_create(&thread, NULL, live, NULL) != 0) return 1;
  pthread_exit(NULL);
}
