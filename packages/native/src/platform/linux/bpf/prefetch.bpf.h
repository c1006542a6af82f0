// Brings what is read of the next processes into the processor's cache while this one is read. Each of their structures is a miss of
// the cache, which takes as long as a hundred instructions; one after the other these misses were half of a walk's time. Together
// they take as long as one: the processor waits for none of them before it has asked for all.
#pragma once

// Reads a member for nothing but the line of the cache that it is in.
#define TOUCH(value)                                \
  do {                                              \
    const __typeof__(value) touched = (value);      \
    __asm__ volatile("" : : "r"((u64)(touched)));   \
  } while (0)

// The list of all tasks is in the order in which they began, which mostly is that of their PIDs. Where it is not, what is touched
// here is of no use, and nothing else is wrong.
INLINE struct task_struct* following(struct task_struct* task) {
  const void* node = task->tasks.next;
  return CAST(struct task_struct, node - OFFSET(kTask->tasks));
}

INLINE void touch_task(struct task_struct* task) {
  TOUCH(task->flags);
  TOUCH(task->se.sum_exec_runtime);
  TOUCH(task->tasks.next);
  TOUCH(task->mm);
  TOUCH(task->exit_state);
  TOUCH(task->thread_pid);
  TOUCH(task->utime);
  TOUCH(task->start_boottime);
  TOUCH(task->real_cred);
  TOUCH(task->signal);
  TOUCH(task->delays);
}

// What a task points to, once its own memory is in the cache. Whatever is wanted: each condition would be a path more for the
// verifier, and the program loaded later.
INLINE void touch_parts(struct task_struct* task) {
  struct pid* pid = task->thread_pid;
  struct signal_struct* signal = task->signal;
  struct mm_struct* mm = task->mm;
  TOUCH(pid->level);
  TOUCH(pid->tasks[0].first);
  TOUCH(pid->numbers[0].nr);
  TOUCH(signal->nr_threads);
  TOUCH(signal->utime);
  TOUCH(signal->cutime);
  TOUCH(mm->total_vm);
  TOUCH(mm->start_code);
  TOUCH(mm->rss_stat[0].count);
  TOUCH(mm->rss_stat[3].count);
}

INLINE void prefetch(struct task_struct* task) {
  if (!CAN_CAST) return;
  struct task_struct* next = following(task);
  touch_parts(next);
  touch_task(following(next));
}
