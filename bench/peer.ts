// The peer of a guest: three servers. It says that it listens, then serves until it is killed.

import { createServer, type Socket } from "node:net";
import { PEER_PORTS } from "./peer-ports.js";

const BLOCK = Buffer.alloc(1024 * 1024);

function pour(socket: Socket): void {
  while (!socket.destroyed && socket.write(BLOCK));
}

const SERVERS = {
  source: (socket: Socket) => {
    socket.on("drain", () => pour(socket));
    pour(socket);
  },
  sink: (socket: Socket) => void socket.resume().on("end", () => socket.end("done")),
  greeter: (socket: Socket) => void socket.end("hello\n"),
};

for (const name of ["source", "sink", "greeter"] as const) {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    // A guest that hangs up in the middle is no failure of ours.
    socket.on("error", () => socket.destroy());
    SERVERS[name](socket);
  });
  await new Promise<void>((resolve) => server.listen(PEER_PORTS[name], resolve));
}
console.log("listening");
