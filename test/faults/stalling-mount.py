"""stalling-mount.py FOLDER COMMAND...: runs a command that finds a file system in user space mounted over a folder.

It has what the folder has. A read of the file STALLING, named in the environment, is held until a process looks up one of
these names, which nothing bears, in the root:
    answer    the read is answered, and so is each after it
    vanish    the file system ends as it would if its program were killed
The name `held` is there while a read is held. A signal that interrupts who reads ends the read (EINTR), as in any file
system that looks for that; one that does not holds even who was sent SIGKILL. The protocol is fuse(4)'s, in linux/fuse.h. The caller has made a mount
namespace, so no other process sees this.
"""
import ctypes
import errno
import os
import select
import stat
import struct
import subprocess
import sys

LOOKUP, FORGET, GETATTR, OPEN, READ, STATFS = 1, 2, 3, 14, 15, 17
RELEASE, FLUSH, INIT, OPENDIR, READDIR, RELEASEDIR = 18, 25, 26, 27, 28, 29
INTERRUPT, BATCH_FORGET = 36, 42
ROOT = 1
DIRECT_IO = 1
HEADER = struct.Struct("=IIQQIIIHH")
MOST = 128 * 1024


class Folder:
    """The file system: its nodes are paths beneath the folder, which is still seen through a descriptor of it."""

    def __init__(self, path, stalling):
        self.below = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        self.paths = {ROOT: "."}
        self.nodes = {".": ROOT}
        self.stalling = stalling
        self.held = []
        self.device = os.open("/dev/fuse", os.O_RDWR)
        options = f"fd={self.device},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mount(b"stalling", path.encode(), b"fuse", 0, options) != 0:
            raise OSError(ctypes.get_errno(), f"a file system cannot be mounted over {path}")

    def serve(self):
        request = os.read(self.device, MOST)
        _, operation, unique, node, *_ = HEADER.unpack_from(request)
        body = request[HEADER.size :]
        if operation in (FORGET, BATCH_FORGET):
            return
        if operation == INTERRUPT:
            self.interrupt(*struct.unpack_from("=Q", body))
            return
        try:
            self.reply(unique, self.answer(operation, unique, node, body))
        except OSError as error:
            self.reply(unique, error=error.errno)

    def interrupt(self, asked):
        if any(unique == asked for unique, _, _ in self.held):
            self.held = [held for held in self.held if held[0] != asked]
            self.reply(asked, error=errno.EINTR)

    def reply(self, unique, data=b"", error=0):
        if data is None:
            return
        try:
            os.write(self.device, struct.pack("=IiQ", 16 + len(data), -error, unique) + data)
        except FileNotFoundError:
            pass  # Who asked was ended.

    def answer(self, operation, unique, node, body):
        if operation == INIT:
            return struct.pack("=IIIIHHIIHHI7I", 7, 31, 0, 0, 12, 9, MOST // 2, 1, 0, 0, 0, *[0] * 7)
        if operation == LOOKUP:
            return self.entry(os.path.normpath(os.path.join(self.paths[node], body.rstrip(b"\0").decode())))
        if operation == GETATTR:
            return struct.pack("=QII", 0, 0, 0) + self.attributes(node)
        if operation in (OPEN, OPENDIR):
            return struct.pack("=QII", 0, DIRECT_IO if operation == OPEN else 0, 0)
        if operation == READ:
            if self.paths[node] == self.stalling:
                self.held.append((unique, node, body))
                return None
            return self.read(node, body)
        if operation == READDIR:
            return self.listing(node, body)
        if operation == STATFS:
            return struct.pack("=5Q4I6I", *[0] * 5, 4096, 255, 4096, 0, *[0] * 6)
        if operation in (RELEASE, RELEASEDIR, FLUSH):
            return b""
        raise OSError(errno.ENOSYS, "not needed")

    def entry(self, path):
        if path == "answer":
            self.stalling = None
            for unique, node, body in self.held:
                self.reply(unique, self.read(node, body))
            self.held = []
        if path == "vanish":
            os.close(self.device)
            self.device = None
            return None
        shown = "." if path == "held" and self.held else path
        os.stat(shown, dir_fd=self.below)
        node = self.nodes.setdefault(path, len(self.nodes) + 1)
        self.paths[node] = shown
        return struct.pack("=QQQQII", node, 0, 0, 0, 0, 0) + self.attributes(node)

    def attributes(self, node):
        about = os.stat(self.paths[node], dir_fd=self.below)
        times = [int(about.st_atime), int(about.st_mtime), int(about.st_ctime)]
        sizes = [node, about.st_size, about.st_blocks]
        return struct.pack("=6Q10I", *sizes, *times, 0, 0, 0, about.st_mode, about.st_nlink, 0, 0, 0, 4096, 0)

    def read(self, node, body):
        _, offset, size = struct.unpack_from("=QQI", body)
        file = os.open(self.paths[node], os.O_RDONLY, dir_fd=self.below)
        try:
            return os.pread(file, size, offset)
        finally:
            os.close(file)

    def listing(self, node, body):
        _, offset, size = struct.unpack_from("=QQI", body)
        folder = os.open(self.paths[node], os.O_RDONLY | os.O_DIRECTORY, dir_fd=self.below)
        names = sorted(os.listdir(folder))
        os.close(folder)
        listed = b""
        for number, name in list(enumerate(names, 1))[offset:]:
            encoded = name.encode()
            record = struct.pack("=QQII", ROOT + number, number, len(encoded), stat.S_IFDIR >> 12) + encoded
            record += b"\0" * (-len(record) % 8)
            if len(listed) + len(record) > size:
                break
            listed += record
        return listed


folder = Folder(sys.argv[1], os.environ["STALLING"])
command = subprocess.Popen(sys.argv[2:])
ended = os.pidfd_open(command.pid)
while folder.device is not None:
    ready, _, _ = select.select([folder.device, ended], [], [])
    if ended in ready:
        break
    try:
        folder.serve()
    except FileNotFoundError:
        pass  # A request that was taken back before it was read.
code = command.wait()
sys.exit(code if code >= 0 else 128 - code)
