const EXIT_WATCH = 'src/platform/illumos/exit_watch.cc';

/** What must not go unnoticed in its waits. */
export const WAITS = [
  {
    file: EXIT_WATCH,
    find: 'return is_zombie(info) || start_of(info) != target.start ? gone("pread") : Failure{};',
    replace: 'return {};',
    sentence: 'a PID’s next owner is waited for',
  },
  {
    file: EXIT_WATCH,
    find: 'close(waits[wait]);\n  waits[wait] = kFree;',
    replace: 'waits[wait] = kFree;',
    sentence: 'a wait that is over keeps its descriptor',
  },
  {
    file: EXIT_WATCH,
    find: 'if (is_zombie(info)) exit.status = info.pr_wstat & 0xffff;',
    replace: '',
    sentence: 'it is not reported how a process has ended',
  },
  {
    file: EXIT_WATCH,
    find: 'return is_zombie(info);',
    replace: 'return true;',
    sentence: 'a process that stops has ended',
  },
  {
    file: EXIT_WATCH,
    find: 'if (state.ending[i] != wait) state.ending[kept++] = state.ending[i];',
    replace: 'state.ending[kept++] = state.ending[i];',
    sentence: 'a wait that is aborted is looked at again',
  },
  {
    file: EXIT_WATCH,
    find: 'if (is_of_the_last(psinfo.get(), most_descriptors())) return failure_of(EMFILE, "open");',
    replace: '',
    sentence: 'waits leave no descriptor to the program',
  },
];
