"""Takes the kernel's unicast of audit as auditd does, prints "ready", and "heard" with the first record, reads until its input ends, gives it back, and prints how many it had."""
import os, select, socket, struct, sys

sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9)
sock.bind((0, 0))


def set_pid(pid):
    status = struct.pack("=11I", 0x4, 0, 0, pid, 0, 0, 0, 0, 0, 0, 0)
    sock.send(struct.pack("=IHHII", 16 + len(status), 1001, 5, 1, 0) + status)
    kind, data = 0, b""
    while kind != 2:
        data = sock.recv(65536)
        kind = struct.unpack_from("=H", data, 4)[0]
    return struct.unpack_from("=i", data, 16)[0]


if set_pid(os.getpid()) != 0:
    sys.exit("refused")
print("ready", flush=True)
heard = 0
while True:
    ready = select.select([sock, sys.stdin], [], [])[0]
    if sock in ready:
        sock.recv(65536)
        heard += 1
        if heard == 1:
            print("heard", flush=True)
    if sys.stdin in ready and not sys.stdin.readline():
        break
set_pid(0)
print(heard, flush=True)
