{
  "variables": {
    "psutil_common_sources": [
      "src/core/dictionary.cc",
      "src/core/table_builder.cc",
      "src/core/frame_writer.cc",
      "src/platform/posix/failure.cc",
      "src/platform/shared/source_planner.cc",
      "src/platform/posix/names.cc",
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
      "src/platform/linux/root.cc",
      "src/platform/linux/listing.cc",
      "src/platform/linux/rlimit.cc",
      "src/platform/linux/pidfd.cc",
      "src/platform/linux/row.cc",
      "src/platform/linux/living_thread.cc",
      "src/platform/linux/sources/ids.cc",
      "src/platform/linux/sources/limits.cc",
      "src/platform/linux/sources/prlimit.cc",
      "src/platform/linux/sources/stat.cc",
      "src/platform/linux/sources/status.cc",
      "src/platform/linux/starvation_monitor.cc",
      "src/platform/linux/bpf/requirements.cc",
      "src/platform/linux/bpf/privileges.cc",
      "src/platform/linux/bpf/loader.cc",
      "src/platform/linux/bpf/record.cc",
      "src/platform/linux/bpf/records.cc",
      "src/platform/linux/bpf/walk.cc",
      "src/platform/linux/platform.cc"
    ],
    "psutil_freebsd_sources": [
      "src/platform/posix/rlimit.cc",
      "src/platform/bsd/sysctl.cc",
      "src/platform/bsd/boot_time.cc",
      "src/platform/bsd/kinfo.cc",
      "src/platform/bsd/everyone.cc",
      "src/platform/bsd/row.cc",
      "src/platform/bsd/platform.cc",
      "src/platform/freebsd/kinfo.cc",
      "src/platform/freebsd/single.cc",
      "src/platform/freebsd/platform.cc"
    ],
    "psutil_netbsd_sources": [
      "src/platform/posix/rlimit.cc",
      "src/platform/bsd/sysctl.cc",
      "src/platform/bsd/kinfo.cc",
      "src/platform/bsd/everyone.cc",
      "src/platform/bsd/row.cc",
      "src/platform/bsd/platform.cc",
      "src/platform/netbsd/kinfo.cc",
      "src/platform/netbsd/single.cc",
      "src/platform/netbsd/platform.cc"
    ],
    "psutil_openbsd_sources": [
      "src/platform/posix/rlimit.cc",
      "src/platform/bsd/sysctl.cc",
      "src/platform/bsd/boot_time.cc",
      "src/platform/bsd/kinfo.cc",
      "src/platform/bsd/everyone.cc",
      "src/platform/bsd/row.cc",
      "src/platform/bsd/platform.cc",
      "src/platform/openbsd/kinfo.cc",
      "src/platform/openbsd/single.cc",
      "src/platform/openbsd/platform.cc"
    ],
    "psutil_darwin_sources": [
      "src/platform/posix/groups.cc",
      "src/platform/posix/rlimit.cc",
      "src/platform/posix/wall_clock.cc",
      "src/platform/bsd/sysctl.cc",
      "src/platform/darwin/kinfo.cc",
      "src/platform/darwin/single.cc",
      "src/platform/darwin/row.cc",
      "src/platform/darwin/platform.cc"
    ],
    "psutil_dragonfly_sources": [
      "src/platform/posix/rlimit.cc",
      "src/platform/posix/wall_clock.cc",
      "src/platform/bsd/sysctl.cc",
      "src/platform/dragonfly/kinfo.cc",
      "src/platform/dragonfly/rlimit.cc",
      "src/platform/dragonfly/row.cc",
      "src/platform/dragonfly/platform.cc"
    ],
    "psutil_illumos_sources": [
      "src/platform/posix/file.cc",
      "src/platform/posix/rlimit.cc",
      "src/platform/illumos/root.cc",
      "src/platform/illumos/psinfo.cc",
      "src/platform/illumos/owner.cc",
      "src/platform/illumos/listing.cc",
      "src/platform/illumos/row.cc",
      "src/platform/illumos/platform.cc"
    ],
    "psutil_unsupported_sources": ["src/platform/unsupported/platform.cc"],
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
