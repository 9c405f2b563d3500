// Python programs that tests run in guests which have a network.

import { OUTSIDE } from "./network-lab.js";

/** What a root who holds every right of a guest's commands tries; prints an errno for each. */
export const FORGERY = `
import errno, fcntl, json, os, socket, struct
def attempt(act):
    try:
        act()
        return "done"
    except OSError as e:
        return errno.errorcode[e.errno]
def bind_foreign():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("203.0.113.77", 0))
def ask_kernel(kind, body):
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    s.send(struct.pack("IHHII", 16 + len(body), kind, 0x605, 1, 0) + body)
    code = struct.unpack("i", s.recv(4096)[16:20])[0]
    if code: raise OSError(-code, "")
def attribute(kind, address):
    return struct.pack("HH4s", 8, kind, socket.inet_aton(address))
def set_address():
    head = struct.pack("BBBBI", socket.AF_INET, 32, 0, 0, socket.if_nametoindex("eth0"))
    ask_kernel(20, head + attribute(1, "203.0.113.77") + attribute(2, "203.0.113.77"))
def open_device(name):
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, 0x400454ca, struct.pack("16sH14x", name, 0x1001))
def add_route():
    head = struct.pack("BBBBBBBBI", socket.AF_INET, 32, 0, 0, 254, 4, 0, 1, 0)
    ask_kernel(24, head + attribute(1, "203.0.113.78") + attribute(5, "10.87.0.1"))
print(json.dumps({
    "raw socket": attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)),
    "packet socket": attempt(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW)),
    "another's address": attempt(bind_foreign),
    "another address for eth0": attempt(set_address),
    "a device of its own": attempt(lambda: open_device(b"tun7")),
    "the device of the network": attempt(lambda: open_device(b"eth0")),
    "a route": attempt(add_route),
}))
`;

/** Opens 2,000 connections, and only then uses them; prints how many have echoed. */
export const CROWD = `
import asyncio
async def main():
    async def connect():
        return await asyncio.wait_for(asyncio.open_connection("${OUTSIDE.public}", 7), 25)
    pairs = await asyncio.gather(*(connect() for _ in range(2000)))
    async def echo(reader, writer):
        writer.write(b"ping")
        answer = await asyncio.wait_for(reader.readexactly(4), 25)
        writer.close()
        return answer == b"ping"
    print(sum(await asyncio.gather(*(echo(*pair) for pair in pairs))))
asyncio.run(main())
`;
