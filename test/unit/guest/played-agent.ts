// The agent, played by the test over the real channel: it dials the host's socket and serves whatever the test wants.

import { createServer, type Http2Server, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { connect, type Socket } from "node:net";
import path from "node:path";
import type { ServiceImpl } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { onTestFinished } from "vitest";
import { GuestAgent } from "../../../src/guest/agent.js";
import { listenForAgent } from "../../../src/guest/channel.js";
import { FilesService, MachineService, ProcessService } from "../../../src/guest/gen/agent/v1/agent_pb.js";
import { SupervisorService } from "../../../src/guest/gen/agent/v1/services_pb.js";
import { ShellsService } from "../../../src/guest/gen/agent/v1/shells_pb.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

export interface PlayedAgent {
  /** The host's side, which is what is tested. */
  readonly agent: GuestAgent;
  /** The guest's end of the connection. */
  readonly guestEnd: Socket;
}

/** A guest that does with its end of the connection what it likes. */
export async function playGuest(serve: (guestEnd: Socket) => void): Promise<PlayedAgent> {
  const socketPath = path.join(await makeTempDirectory(), "agent.sock");
  await using listener = await listenForAgent(socketPath);
  const guestEnd = connect(socketPath);
  guestEnd.on("error", () => undefined);
  const agent = new GuestAgent(await listener.connection);
  onTestFinished(() => {
    agent.close();
    guestEnd.destroy();
  });
  serve(guestEnd);
  return { agent, guestEnd };
}

/** An agent that speaks the protocol, with these answers; the rest is unimplemented. */
export async function playAgent(answers: {
  readonly machine?: Partial<ServiceImpl<typeof MachineService>>;
  readonly process?: Partial<ServiceImpl<typeof ProcessService>>;
  readonly files?: Partial<ServiceImpl<typeof FilesService>>;
  readonly supervisor?: Partial<ServiceImpl<typeof SupervisorService>>;
  readonly shells?: Partial<ServiceImpl<typeof ShellsService>>;
}): Promise<PlayedAgent> {
  const adapter = connectNodeAdapter({
    routes: (router) => {
      router.service(MachineService, answers.machine ?? {});
      router.service(ProcessService, answers.process ?? {});
      router.service(FilesService, answers.files ?? {});
      router.service(SupervisorService, answers.supervisor ?? {});
      router.service(ShellsService, answers.shells ?? {});
    },
  });
  return playServer(createServer(adapter));
}

/** An agent that speaks HTTP/2, and answers each request with bytes of its own. */
export async function playStreams(
  answer: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void,
): Promise<PlayedAgent> {
  const server = createServer();
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    answer(stream, headers);
  });
  return playServer(server);
}

async function playServer(server: Http2Server): Promise<PlayedAgent> {
  server.on("sessionError", () => undefined);
  return playGuest((guestEnd) => server.emit("connection", guestEnd));
}

/** A message as Connect puts it into a stream: flags, length, payload. */
export function envelope(flags: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags);
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}

export const COMPRESSED = 1;
export const END_OF_STREAM = 2;
