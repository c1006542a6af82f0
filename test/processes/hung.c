// Processes whose memory map is locked: `hung N [SECONDS]` prints their PIDs in a line when they hang, and lets go of them
// when its standard input ends, when it is killed, or after forty seconds or so many. The file system is mounted where the program is.
//
// It is the server of a FUSE file system that never answers a WRITE. Each process maps a file of it and changes a page. Its
// first thread unmaps it, and waits in the kernel for the page to be written, with the map locked. The second one
// wants to map, and waits behind it. From then on every reader of /proc/PID/cmdline waits behind the second one.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/fuse.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST = 256, SIZE = 4096, LONGEST_SECONDS = 40, BEHIND_MS = 300, REQUEST = 1 << 20 };

static int server = -1;
static pid_t pids[MOST];

static void fail(const char *what) {
  fprintf(stderr, "hung: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void *unmap(void *page) {
  munmap(page, SIZE);
  return NULL;
}

static void *map(void *unused) {
  usleep(BEHIND_MS * 1000);
  mmap(NULL, SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return unused;
}

static void hang(const char *directory, int number, int ready, int go) {
  char path[256];
  char byte = 0;
  close(server);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  snprintf(path, sizeof path, "%s/%d", directory, number);
  const int file = open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) fail("open");
  char *const page = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (page == MAP_FAILED) fail("mmap");
  page[0] = 1;
  // Their stacks are mapped before the map is locked.
  pthread_t threads[2];
  if (write(ready, &byte, 1) != 1 || read(go, &byte, 1) != 1) _exit(1);
  if (pthread_create(&threads[1], NULL, map, NULL) != 0) fail("pthread_create");
  if (pthread_create(&threads[0], NULL, unmap, page) != 0) fail("pthread_create");
  for (;;) pause();
}

static void reply(uint64_t unique, int error, const void *body, size_t length) {
  char bytes[SIZE + sizeof(struct fuse_out_header)];
  const struct fuse_out_header head = {sizeof head + (error ? 0 : length), error, unique};
  memcpy(bytes, &head, sizeof head);
  if (!error && length > 0) memcpy(bytes + sizeof head, body, length);
  if (write(server, bytes, head.len) < 0 && errno != ENOENT) fail("write");
}

static struct fuse_attr attributes(uint64_t node) {
  return (struct fuse_attr){.ino = node, .size = SIZE, .blocks = 8, .nlink = 1, .blksize = SIZE,
                            .mode = node == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0644};
}

static void serve(void) {
  static char request[REQUEST];
  static const char zeros[SIZE];
  if (read(server, request, sizeof request) < 0) {
    if (errno == ENOENT || errno == EINTR || errno == EAGAIN) return;
    fail("read");
  }
  const struct fuse_in_header *const in = (void *)request;
  const void *const body = request + sizeof *in;
  switch (in->opcode) {
    case FUSE_INIT: {
      const struct fuse_init_in *const asked = body;
      const struct fuse_init_out out = {.major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION,
                                        .max_readahead = 0, .max_write = SIZE, .max_background = MOST,
                                        .congestion_threshold = MOST, .flags = asked->flags & FUSE_WRITEBACK_CACHE};
      return reply(in->unique, 0, &out, sizeof out);
    }
    case FUSE_LOOKUP: {
      const uint64_t node = 2 + strtoul(body, NULL, 10);
      const struct fuse_entry_out out = {.nodeid = node, .entry_valid = 3600, .attr_valid = 3600, .attr = attributes(node)};
      return reply(in->unique, 0, &out, sizeof out);
    }
    case FUSE_GETATTR:
    case FUSE_SETATTR: {
      const struct fuse_attr_out out = {.attr_valid = 3600, .attr = attributes(in->nodeid)};
      return reply(in->unique, 0, &out, sizeof out);
    }
    case FUSE_OPEN: {
      const struct fuse_open_out out = {0};
      return reply(in->unique, 0, &out, sizeof out);
    }
    case FUSE_READ:
      return reply(in->unique, 0, zeros, SIZE);
    case FUSE_WRITE:
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
      return;
    default:
      return reply(in->unique, -ENOSYS, NULL, 0);
  }
}

// Serves for so long, or until a byte for each process has arrived, or until standard input ends.
static void serve_for(int milliseconds, int bytes, int count) {
  struct pollfd waiting[] = {{server, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}, {bytes, POLLIN, 0}};
  while (count != 0) {
    const int found = poll(waiting, 3, milliseconds);
    if (found == 0) return;
    if (found < 0 && errno != EINTR) fail("poll");
    if (waiting[0].revents & POLLIN) serve();
    if (waiting[1].revents != 0) return;
    char byte;
    if (waiting[2].revents & POLLIN && read(bytes, &byte, 1) == 1) count--;
  }
}

int main(int argc, char **argv) {
  const int count = argc > 1 ? atoi(argv[1]) : 0;
  if (count < 1 || count > MOST) return fprintf(stderr, "usage: hung PROCESSES [SECONDS]\n"), 2;
  const char *const directory = dirname(argv[0]);
  alarm(argc > 2 ? (unsigned)atoi(argv[2]) : LONGEST_SECONDS);
  char options[128];
  int ready[2], go[2];
  server = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (server < 0) fail("/dev/fuse");
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", server);
  if (unshare(CLONE_NEWNS) != 0) fail("unshare");
  if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) fail("mount --make-rprivate");
  if (mount("hung", directory, "fuse", MS_NOSUID | MS_NODEV, options) != 0) fail("mount");
  if (pipe(ready) != 0 || pipe(go) != 0) fail("pipe");
  for (int i = 0; i < count; i++) {
    pids[i] = fork();
    if (pids[i] < 0) fail("fork");
    if (pids[i] == 0) hang(directory, i, ready[1], go[0]);
  }
  serve_for(10000, ready[0], count);
  for (int i = 0; i < count; i++) {
    if (write(go[1], "", 1) != 1) fail("write");
  }
  // Serves until nothing more comes: by then both threads of each wait.
  serve_for(2 * BEHIND_MS + 10 * count, -1, -1);
  for (int i = 0; i < count; i++) printf("%d ", pids[i]);
  puts("");
  fflush(stdout);
  serve_for(-1, -1, -1);
  close(server);
  for (int i = 0; i < count; i++) kill(pids[i], SIGKILL);
  return 0;
}
