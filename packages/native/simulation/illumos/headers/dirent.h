#pragma once

#include <name.h>
#include <sys/types.h>

struct dirent {
  ino_t d_ino;
  off_t d_off;
  unsigned short d_reclen;
  char d_name[1];
};

extern "C" {
int getdents(int directory, struct dirent* to, size_t size) SIMULATED(getdents);
}
