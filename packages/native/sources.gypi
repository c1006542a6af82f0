{
  "variables": {
    "psutil_common_sources": [
      "src/core/dictionary.cc",
      "src/core/table_builder.cc",
      "src/core/frame_writer.cc",
      "src/platform/shared/errno.cc",
      "src/platform/shared/source_planner.cc",
      "src/platform/shared/constants.cc",
      "src/binding/arguments.cc",
      "src/binding/reader.cc",
      "src/binding/addon.cc"
    ],
    "psutil_linux_sources": [
      "src/platform/linux/file.cc",
      "src/platform/procfs/limits.cc",
      "src/platform/procfs/stat.cc",
      "src/platform/procfs/status.cc",
      "src/platform/linux/numbered.cc",
      "src/platform/linux/proc_root.cc",
      "src/platform/linux/pid_directory.cc",
      "src/platform/linux/prlimit.cc",
      "src/platform/linux/pidfd.cc",
      "src/platform/linux/process_reader.cc",
      "src/platform/linux/living_thread.cc",
      "src/platform/linux/sources/ids.cc",
      "src/platform/linux/sources/limits.cc",
      "src/platform/linux/sources/prlimit.cc",
      "src/platform/linux/sources/stat.cc",
      "src/platform/linux/sources/status.cc",
      "src/platform/linux/starvation_monitor.cc",
      "src/platform/linux/bpf/requirements.cc",
      "src/platform/linux/bpf/privileges.cc",
      "src/platform/linux/bpf/program_loader.cc",
      "src/platform/linux/bpf/record.cc",
      "src/platform/linux/bpf/records.cc",
      "src/platform/linux/bpf/task_iterator.cc",
      "src/platform/linux/backend.cc"
    ],
    "psutil_freebsd_sources": [
      "src/platform/shared/rlimit.cc",
      "src/platform/bsd/sysctl.cc",
      "src/platform/bsd/boot_time.cc",
      "src/platform/bsd/kinfo.cc",
      "src/platform/bsd/process_table.cc",
      "src/platform/bsd/process_reader.cc",
      "src/platform/bsd/backend.cc",
      "src/platform/freebsd/kinfo.cc",
      "src/platform/freebsd/per_process_calls.cc",
      "src/platform/freebsd/backend.cc"
    ],
    "psutil_netbsd_sources": [
      "src/platform/shared/rlimit.cc",
      "src/platform/bsd/sysctl.cc",
      "src/platform/bsd/kinfo.cc",
      "src/platform/bsd/process_table.cc",
      "src/platform/bsd/process_reader.cc",
      "src/platform/bsd/backend.cc",
      "src/platform/netbsd/kinfo.cc",
      "src/platform/netbsd/per_process_calls.cc",
      "src/platform/netbsd/backend.cc"
    ],
    "psutil_openbsd_sources": [
      "src/platform/shared/rlimit.cc",
      "src/platform/bsd/sysctl.cc",
      "src/platform/bsd/boot_time.cc",
      "src/platform/bsd/kinfo.cc",
      "src/platform/bsd/process_table.cc",
      "src/platform/bsd/process_reader.cc",
      "src/platform/bsd/backend.cc",
      "src/platform/openbsd/kinfo.cc",
      "src/platform/openbsd/per_process_calls.cc",
      "src/platform/openbsd/backend.cc"
    ],
    "psutil_darwin_sources": [
      "src/platform/shared/groups.cc",
      "src/platform/shared/rlimit.cc",
      "src/platform/shared/wall_clock.cc",
      "src/platform/bsd/sysctl.cc",
      "src/platform/darwin/kinfo.cc",
      "src/platform/darwin/per_process_calls.cc",
      "src/platform/darwin/process_reader.cc",
      "src/platform/darwin/backend.cc"
    ],
    "psutil_dragonfly_sources": [
      "src/platform/shared/rlimit.cc",
      "src/platform/shared/wall_clock.cc",
      "src/platform/bsd/sysctl.cc",
      "src/platform/dragonfly/kinfo.cc",
      "src/platform/dragonfly/rlimit.cc",
      "src/platform/dragonfly/process_reader.cc",
      "src/platform/dragonfly/backend.cc"
    ],
    "psutil_illumos_sources": [
      "src/platform/shared/file.cc",
      "src/platform/shared/rlimit.cc",
      "src/platform/illumos/proc_root.cc",
      "src/platform/illumos/psinfo.cc",
      "src/platform/illumos/owner.cc",
      "src/platform/illumos/pid_directory.cc",
      "src/platform/illumos/process_reader.cc",
      "src/platform/illumos/backend.cc"
    ],
    "psutil_unsupported_sources": ["src/platform/unsupported/backend.cc"],
    "psutil_cflags": [
      "-std=c++17",
      "-O2",
      "-fno-exceptions",
      "-fno-rtti",
      "-fvisibility=hidden",
      "-Wall",
      "-Wextra",
      "-Wshadow",
      "-Wconversion",
      "-Werror"
    ],
    "psutil_defines": ["NAPI_VERSION=8", "NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS", "NODE_ADDON_API_DISABLE_DEPRECATED", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"]
  }
}
