#pragma once

enum lwpstat { LSRUN = 1, LSSTOP = 2, LSSLEEP = 3 };
enum procstat { SIDL = 1, SACTIVE = 2, SSTOP = 3, SZOMB = 4, SCORE = 5 };

#define LWP_SINTR 0x0000008
#define P_SYSTEM 0x00200
#define P_TRACED 0x00800
#define P_WEXIT 0x02000
