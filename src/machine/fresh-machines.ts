// Guests straight from an engine, each started when it is wanted.

import { randomBytes } from "node:crypto";
import { formatMachineId, type MachineId } from "../contract/ids.js";
import type { Engine, MachineSource } from "./engine.js";

const ID_BYTES = 16;

export function newMachineId(): MachineId {
  return formatMachineId(randomBytes(ID_BYTES));
}

export function freshMachines(engine: Pick<Engine, "start">): MachineSource {
  return { start: (shape, signal) => engine.start({ id: newMachineId(), ...shape }, signal) };
}
