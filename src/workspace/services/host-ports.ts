// The ports of this host that lead into guests: on 127.0.0.1 only, each held by one service.

import { createServer, type Server, type Socket } from "node:net";
import { once } from "node:events";
import { PyroError, isSystemError } from "../../contract/errors.js";
import { findListener } from "../../platform/find-listener.js";

export const PUBLISH_HOST = "127.0.0.1";

export interface PortRequest {
  readonly guestPort: number;
  /** Undefined: any that is free. */
  readonly hostPort: number | undefined;
}

export interface OpenPort {
  readonly guestPort: number;
  readonly hostPort: number;
  /** Frees the port; connections are broken. */
  close(): Promise<void>;
}

/** Carries a connection to the guest; never rejects. */
export type Carry = (guestPort: number, socket: Socket, signal: AbortSignal) => Promise<void>;

export class HostPorts {
  /** Host port → who holds it, in words. */
  readonly #holders = new Map<number, string>();

  /** Opens all or none. Throws `conflict` with the port and its holder. */
  async open(requests: readonly PortRequest[], holder: string, carry: Carry): Promise<OpenPort[]> {
    const opened: OpenPort[] = [];
    try {
      for (const request of requests) opened.push(await this.#open(request, holder, carry));
      return opened;
    } catch (error) {
      for (const port of opened) await port.close();
      throw error;
    }
  }

  async #open({ guestPort, hostPort }: PortRequest, holder: string, carry: Carry): Promise<OpenPort> {
    const end = new AbortController();
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    // A connection that cannot be accepted, such as for want of descriptors, is one that its client sees fail.
    server.on("error", () => undefined);
    server.on("connection", (socket) => void carry(guestPort, socket, end.signal));
    const port = await this.#listen(server, hostPort);
    this.#holders.set(port, holder);
    const close = async () => {
      this.#holders.delete(port);
      end.abort(new PyroError("conflict", `port ${port} is not published any more`));
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      await closed;
    };
    return { guestPort, hostPort: port, close };
  }

  async #listen(server: Server, hostPort: number | undefined): Promise<number> {
    const listening = once(server, "listening");
    server.listen(hostPort ?? 0, PUBLISH_HOST);
    try {
      await listening;
    } catch (error) {
      throw await this.#explain(hostPort ?? 0, error);
    }
    const address = server.address();
    if (address === null || typeof address === "string") throw new PyroError("internal", "no TCP address");
    return address.port;
  }

  async #explain(port: number, error: unknown): Promise<unknown> {
    const where = `port ${port} of ${PUBLISH_HOST}`;
    if (isSystemError(error, "EADDRINUSE")) {
      const holder = this.#holders.get(port) ?? (await findListener(port)) ?? "a process of another user";
      return new PyroError("conflict", `${where} is taken by ${holder}`, {
        hint: "Choose another host port, or none: then a free one is taken.",
        details: { host_port: port, holder },
        cause: error,
      });
    }
    if (isSystemError(error, "EACCES", "EPERM")) {
      return new PyroError("invalid_input", `${where} is only for root`, {
        hint: "Choose a host port of 1024 or above.",
        cause: error,
      });
    }
    return error;
  }
}
