import { once } from "node:events";
import { access, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { listenForAgent } from "../../../src/guest/channel.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

async function makeSocketPath(): Promise<string> {
  return path.join(await makeTempDirectory(), "agent.sock");
}

function dial(socketPath: string) {
  const socket = connect(socketPath);
  onTestFinished(() => void socket.destroy());
  return socket;
}

test("the first connection is the agent's, and works both ways", async () => {
  const socketPath = await makeSocketPath();
  await using listener = await listenForAgent(socketPath);
  const guestEnd = dial(socketPath);
  const hostEnd = await listener.connection;
  onTestFinished(() => void hostEnd.destroy());
  guestEnd.write("to the host");
  hostEnd.write("to the guest");
  expect(String((await once(hostEnd, "data"))[0])).toBe("to the host");
  expect(String((await once(guestEnd, "data"))[0])).toBe("to the guest");
});

test("who dials later finds nothing there, and the first connection lives on", async () => {
  const socketPath = await makeSocketPath();
  const listener = await listenForAgent(socketPath);
  const guestEnd = dial(socketPath);
  const hostEnd = await listener.connection;
  onTestFinished(() => void hostEnd.destroy());
  await listener.close();
  await expect(once(dial(socketPath), "connect")).rejects.toMatchObject({ code: "ENOENT" });
  hostEnd.write("still here");
  expect(String((await once(guestEnd, "data"))[0])).toBe("still here");
});

test("who dials in the same moment as the agent is hung up on", async () => {
  const socketPath = await makeSocketPath();
  await using listener = await listenForAgent(socketPath);
  const dialled = Array.from({ length: 5 }, () => dial(socketPath));
  const closed = dialled.slice(1).map((socket) => {
    socket.on("error", () => undefined);
    return new Promise((resolve) => socket.resume().once("close", resolve));
  });
  const hostEnd = await listener.connection;
  onTestFinished(() => void hostEnd.destroy());
  await Promise.all(closed);
  expect(dialled[0]?.destroyed).toBe(false);
});

test("an agent that never comes is an error once the listening ends", async () => {
  const socketPath = await makeSocketPath();
  const listener = await listenForAgent(socketPath);
  await listener.close();
  await listener.close();
  await expect(listener.connection).rejects.toMatchObject({ code: "guest_start_failed" });
  await expect(access(socketPath)).rejects.toMatchObject({ code: "ENOENT" });
});

test("what a former daemon left at the path is replaced", async () => {
  const socketPath = await makeSocketPath();
  await writeFile(socketPath, "");
  await using listener = await listenForAgent(socketPath);
  dial(socketPath);
  (await listener.connection).destroy();
});

test("a directory that is missing is an error", async () => {
  const directory = await makeTempDirectory();
  await expect(listenForAgent(path.join(directory, "missing", "agent.sock"))).rejects.toMatchObject({
    code: "EACCES",
  });
});
