#pragma once

#include <name.h>

struct statvfs {
  unsigned long f_bsize;
  unsigned long f_frsize;
  unsigned long f_blocks;
  unsigned long f_bfree;
  unsigned long f_bavail;
  unsigned long f_files;
  unsigned long f_ffree;
  unsigned long f_favail;
  unsigned long f_fsid;
  char f_basetype[16];
  unsigned long f_flag;
  unsigned long f_namemax;
  char f_fstr[32];
};

extern "C" {
int fstatvfs(int file, struct statvfs* about) SIMULATED(fstatvfs);
}
