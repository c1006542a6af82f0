#include "platform/shared/constants.h"

#include <signal.h>
#include <sys/types.h>

#include <sys/resource.h>

namespace psutil {

// A row exists if the headers have its name: names of one system cost the others nothing.
const Array<Named>& resource_names(Array<Named>& names) {
  names.clear();
#ifdef RLIMIT_CPU
  names.push({"RLIMIT_CPU", RLIMIT_CPU});
#endif
#ifdef RLIMIT_FSIZE
  names.push({"RLIMIT_FSIZE", RLIMIT_FSIZE});
#endif
#ifdef RLIMIT_DATA
  names.push({"RLIMIT_DATA", RLIMIT_DATA});
#endif
#ifdef RLIMIT_STACK
  names.push({"RLIMIT_STACK", RLIMIT_STACK});
#endif
#ifdef RLIMIT_CORE
  names.push({"RLIMIT_CORE", RLIMIT_CORE});
#endif
#ifdef RLIMIT_AS
  names.push({"RLIMIT_AS", RLIMIT_AS});
#endif
#ifdef RLIMIT_RSS
  names.push({"RLIMIT_RSS", RLIMIT_RSS});
#endif
#ifdef RLIMIT_NPROC
  names.push({"RLIMIT_NPROC", RLIMIT_NPROC});
#endif
#ifdef RLIMIT_NOFILE
  names.push({"RLIMIT_NOFILE", RLIMIT_NOFILE});
#endif
#ifdef RLIMIT_MEMLOCK
  names.push({"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK});
#endif
#ifdef RLIMIT_VMEM
  names.push({"RLIMIT_VMEM", RLIMIT_VMEM});
#endif
#ifdef RLIMIT_LOCKS
  names.push({"RLIMIT_LOCKS", RLIMIT_LOCKS});
#endif
#ifdef RLIMIT_SIGPENDING
  names.push({"RLIMIT_SIGPENDING", RLIMIT_SIGPENDING});
#endif
#ifdef RLIMIT_MSGQUEUE
  names.push({"RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE});
#endif
#ifdef RLIMIT_NICE
  names.push({"RLIMIT_NICE", RLIMIT_NICE});
#endif
#ifdef RLIMIT_RTPRIO
  names.push({"RLIMIT_RTPRIO", RLIMIT_RTPRIO});
#endif
#ifdef RLIMIT_RTTIME
  names.push({"RLIMIT_RTTIME", RLIMIT_RTTIME});
#endif
#ifdef RLIMIT_SBSIZE
  names.push({"RLIMIT_SBSIZE", RLIMIT_SBSIZE});
#endif
#ifdef RLIMIT_NPTS
  names.push({"RLIMIT_NPTS", RLIMIT_NPTS});
#endif
#ifdef RLIMIT_SWAP
  names.push({"RLIMIT_SWAP", RLIMIT_SWAP});
#endif
#ifdef RLIMIT_KQUEUES
  names.push({"RLIMIT_KQUEUES", RLIMIT_KQUEUES});
#endif
#ifdef RLIMIT_UMTXP
  names.push({"RLIMIT_UMTXP", RLIMIT_UMTXP});
#endif
#ifdef RLIMIT_PIPEBUF
  names.push({"RLIMIT_PIPEBUF", RLIMIT_PIPEBUF});
#endif
#ifdef RLIMIT_NTHR
  names.push({"RLIMIT_NTHR", RLIMIT_NTHR});
#endif
#ifdef RLIMIT_POSIXLOCKS
  names.push({"RLIMIT_POSIXLOCKS", RLIMIT_POSIXLOCKS});
#endif
  return names;
}

const Array<Named>& signal_names(Array<Named>& names) {
  names.clear();
#ifdef SIGHUP
  names.push({"SIGHUP", SIGHUP});
#endif
#ifdef SIGINT
  names.push({"SIGINT", SIGINT});
#endif
#ifdef SIGQUIT
  names.push({"SIGQUIT", SIGQUIT});
#endif
#ifdef SIGILL
  names.push({"SIGILL", SIGILL});
#endif
#ifdef SIGTRAP
  names.push({"SIGTRAP", SIGTRAP});
#endif
#ifdef SIGABRT
  names.push({"SIGABRT", SIGABRT});
#endif
#ifdef SIGIOT
  names.push({"SIGIOT", SIGIOT});
#endif
#ifdef SIGEMT
  names.push({"SIGEMT", SIGEMT});
#endif
#ifdef SIGBUS
  names.push({"SIGBUS", SIGBUS});
#endif
#ifdef SIGFPE
  names.push({"SIGFPE", SIGFPE});
#endif
#ifdef SIGKILL
  names.push({"SIGKILL", SIGKILL});
#endif
#ifdef SIGUSR1
  names.push({"SIGUSR1", SIGUSR1});
#endif
#ifdef SIGSEGV
  names.push({"SIGSEGV", SIGSEGV});
#endif
#ifdef SIGUSR2
  names.push({"SIGUSR2", SIGUSR2});
#endif
#ifdef SIGPIPE
  names.push({"SIGPIPE", SIGPIPE});
#endif
#ifdef SIGALRM
  names.push({"SIGALRM", SIGALRM});
#endif
#ifdef SIGTERM
  names.push({"SIGTERM", SIGTERM});
#endif
#ifdef SIGSTKFLT
  names.push({"SIGSTKFLT", SIGSTKFLT});
#endif
#ifdef SIGCHLD
  names.push({"SIGCHLD", SIGCHLD});
#endif
#ifdef SIGCONT
  names.push({"SIGCONT", SIGCONT});
#endif
#ifdef SIGSTOP
  names.push({"SIGSTOP", SIGSTOP});
#endif
#ifdef SIGTSTP
  names.push({"SIGTSTP", SIGTSTP});
#endif
#ifdef SIGTTIN
  names.push({"SIGTTIN", SIGTTIN});
#endif
#ifdef SIGTTOU
  names.push({"SIGTTOU", SIGTTOU});
#endif
#ifdef SIGURG
  names.push({"SIGURG", SIGURG});
#endif
#ifdef SIGXCPU
  names.push({"SIGXCPU", SIGXCPU});
#endif
#ifdef SIGXFSZ
  names.push({"SIGXFSZ", SIGXFSZ});
#endif
#ifdef SIGVTALRM
  names.push({"SIGVTALRM", SIGVTALRM});
#endif
#ifdef SIGPROF
  names.push({"SIGPROF", SIGPROF});
#endif
#ifdef SIGWINCH
  names.push({"SIGWINCH", SIGWINCH});
#endif
#ifdef SIGIO
  names.push({"SIGIO", SIGIO});
#endif
#ifdef SIGPOLL
  names.push({"SIGPOLL", SIGPOLL});
#endif
#ifdef SIGINFO
  names.push({"SIGINFO", SIGINFO});
#endif
#ifdef SIGPWR
  names.push({"SIGPWR", SIGPWR});
#endif
#ifdef SIGLOST
  names.push({"SIGLOST", SIGLOST});
#endif
#ifdef SIGSYS
  names.push({"SIGSYS", SIGSYS});
#endif
#ifdef SIGTHR
  names.push({"SIGTHR", SIGTHR});
#endif
#ifdef SIGLIBRT
  names.push({"SIGLIBRT", SIGLIBRT});
#endif
#ifdef SIGCKPT
  names.push({"SIGCKPT", SIGCKPT});
#endif
#ifdef SIGCKPTEXIT
  names.push({"SIGCKPTEXIT", SIGCKPTEXIT});
#endif
#ifdef SIGWAITING
  names.push({"SIGWAITING", SIGWAITING});
#endif
#ifdef SIGLWP
  names.push({"SIGLWP", SIGLWP});
#endif
#ifdef SIGFREEZE
  names.push({"SIGFREEZE", SIGFREEZE});
#endif
#ifdef SIGTHAW
  names.push({"SIGTHAW", SIGTHAW});
#endif
#ifdef SIGCANCEL
  names.push({"SIGCANCEL", SIGCANCEL});
#endif
#ifdef SIGXRES
  names.push({"SIGXRES", SIGXRES});
#endif
#ifdef SIGJVM1
  names.push({"SIGJVM1", SIGJVM1});
#endif
#ifdef SIGJVM2
  names.push({"SIGJVM2", SIGJVM2});
#endif
#ifdef SIGRTMIN
  names.push({"SIGRTMIN", static_cast<int32_t>(SIGRTMIN)});
#endif
#ifdef SIGRTMAX
  names.push({"SIGRTMAX", static_cast<int32_t>(SIGRTMAX)});
#endif
  return names;
}

}  // namespace psutil
