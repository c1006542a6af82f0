// platform/procfs/cgroup.h: /proc/PID/cgroup.
#include "platform/procfs/cgroup.h"

#include <string>

#include "harness/check.h"
#include "harness/recorded.h"

using namespace psutil;

namespace {

const std::string kId = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

std::string path_of(std::string_view text) {
  const check::Bytes bytes(text);
  const std::string_view path = parse_cgroup(bytes.text());
  return path.data() == nullptr ? "none" : std::string(path);
}

std::string id_of(const std::string& path) {
  const check::Bytes bytes(path);
  return std::string(container_id(bytes.text()));
}

}  // namespace

TEST("the path is that of version 2") { EXPECT_EQ(path_of("0::/user.slice/a:b\n"), "/user.slice/a:b"); }

TEST("on version 1 and on a hybrid system it is systemd's") {
  EXPECT_EQ(path_of("12:cpu,cpuacct:/x\n1:name=systemd:/system.slice/a.service\n"), "/system.slice/a.service");
  EXPECT_EQ(path_of("1:name=systemd:/system.slice/a.service\n0::/\n"), "/system.slice/a.service");
}

TEST("a text without either has none") {
  for (const char* text : {"", "12:cpu:/x\n", "0:", "garbage\n", "::\n"}) EXPECT_EQ(path_of(text), "none");
}

TEST("the container's id is found by how Docker, containerd, CRI-O and Podman name its group") {
  for (const std::string& path : {"/docker/" + kId, "/system.slice/docker-" + kId + ".scope",
                                  "/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + kId + ".scope",
                                  "/kubepods/burstable/pod1/" + kId, "/machine.slice/libpod-" + kId + ".scope/container",
                                  "/kubepods.slice/crio-" + kId + ".scope", "/system.slice/containerd.service/kubepods:cri-containerd:" + kId}) {
    check::About about(path);
    EXPECT_EQ(id_of(path), kId);
  }
}

TEST("other names are no ids") {
  for (const std::string& path : {std::string(), std::string("/"), "/" + kId.substr(1), "/x" + kId, "/docker-" + kId + ".service",
                                  "/docker-G" + kId.substr(1) + ".scope", std::string(".scope")}) {
    check::About about(path);
    EXPECT_EQ(id_of(path), "");
  }
}
