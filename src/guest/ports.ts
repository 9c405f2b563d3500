// Ports of a guest: each connection of the host's is one stream to the agent, with the backpressure of both.

import type { Socket } from "node:net";
import type { Client } from "@connectrpc/connect";
import { waitForDrain } from "../platform/drain.js";
import { wrongAnswer } from "./file-path.js";
import type { PortService } from "./gen/agent/v1/ports_pb.js";
import { translateRpcError } from "./rpc-error.js";

export class GuestPorts {
  readonly #client: Client<typeof PortService>;

  constructor(client: Client<typeof PortService>) {
    this.#client = client;
  }

  /**
   * Carries `socket`, which allows to be half open, to a port of the guest's loopback interface; returns when both
   * sides have ended it, and rejects when it broke. The socket is closed in any case.
   */
  async carry(port: number, socket: Socket, signal: AbortSignal): Promise<void> {
    const gone = new AbortController();
    // Whoever connected may go at any moment; the connection in the guest goes with it.
    const onClose = () => gone.abort();
    // A broken socket closes: that is what ends the call.
    socket.on("error", () => undefined).once("close", onClose);
    const both = AbortSignal.any([signal, gone.signal]);
    try {
      for await (const { message } of this.#client.connect(requests(port, socket), { signal: both })) {
        switch (message.case) {
          case "data":
            if (!socket.write(message.value)) await waitForDrain(socket);
            break;
          case "end":
            socket.end();
            break;
          case "opened":
          case undefined:
            break;
        }
      }
      if (!socket.writableEnded) throw wrongAnswer("a connection without an end");
    } catch (error) {
      // The peer sees that it broke, not that it ended.
      socket.resetAndDestroy();
      throw translateRpcError(error, both);
    } finally {
      socket.off("close", onClose);
    }
  }
}

async function* requests(port: number, socket: Socket) {
  yield { message: { case: "port" as const, value: port } };
  // Its plain iterator would destroy the socket at the end of what is read, and with it the answer.
  const chunks: AsyncIterable<Uint8Array<ArrayBuffer>> = socket.iterator({ destroyOnReturn: false });
  for await (const chunk of chunks) {
    yield { message: { case: "data" as const, value: chunk } };
  }
  yield { message: { case: "end" as const, value: {} } };
}
