// The operations on one-shot guests that outlive a call.

import { GUEST_NETWORK } from "../../contract/network.js";
import type { ResultOf } from "../../operations/registry.js";
import { expiresAt, type VmRecord } from "../../vm/vm-record.js";
import type { Handler } from "../handler.js";
import { formatCommandResult } from "./command-result.js";
import { requestOrigin } from "./request-origin.js";

export const createVm: Handler<"vm_create"> = async (services, input, context) => {
  const record = await services.vms.create({
    origin: await requestOrigin(services, input, context),
    vcpuCount: input.vcpu_count,
    memMib: input.mem_mib,
    ttlSeconds: input.ttl_seconds,
    allowHostCompat: input.allow_host_compat,
    network: input.network,
  });
  return formatRecord(record);
};

export const startVm: Handler<"vm_start"> = async ({ vms }, input, { signal }) =>
  formatRecord(await vms.start(input.vm_id, signal));

export const execVm: Handler<"vm_exec"> = async ({ vms }, input, context) => {
  const { vmId, environment, environmentVersion } = vms.status(input.vm_id);
  const command = { command: input.command, timeoutSeconds: input.timeout_seconds };
  return formatCommandResult(
    { vmId, environment, environmentVersion },
    await vms.exec(vmId, command, context),
  );
};

export const stopVm: Handler<"vm_stop"> = async ({ vms }, input) => formatRecord(await vms.stop(input.vm_id));

export const statusVm: Handler<"vm_status"> = ({ vms }, input) =>
  Promise.resolve(formatRecord(vms.status(input.vm_id)));

export const deleteVm: Handler<"vm_delete"> = async ({ vms }, input) => {
  await vms.delete(input.vm_id);
  return { vm_id: input.vm_id, deleted: true, reason: "explicit_delete" };
};

export const reapExpiredVms: Handler<"vm_reap_expired"> = async ({ vms }) => {
  const deleted = await vms.reapExpired();
  return { deleted_vm_ids: [...deleted], count: deleted.length };
};

export const networkInfoVm: Handler<"vm_network_info"> = ({ vms }, input) => {
  const { vmId, network, state } = vms.status(input.vm_id);
  return Promise.resolve({
    vm_id: vmId,
    network_enabled: network,
    outbound_connectivity_expected: network && state === "started",
    reason: network ? (REASONS[state] ?? null) : "the guest was created without a network",
    guest_ip: network ? GUEST_NETWORK.address : null,
    gateway_ip: network ? GUEST_NETWORK.gateway : null,
    subnet_cidr: network ? GUEST_NETWORK.subnet : null,
    // The guest's device carries packets without a link below them.
    mac_address: null,
    dns_servers: network ? [GUEST_NETWORK.dnsServer] : [],
  });
};

const REASONS: Readonly<Partial<Record<VmRecord["state"], string>>> = {
  created: "the guest has not been started yet",
  stopped: "the guest was stopped",
};

function formatRecord(record: VmRecord): ResultOf<"vm_status"> {
  const engine = record.machine?.engine;
  return {
    vm_id: record.vmId,
    environment: record.environment,
    environment_version: record.environmentVersion,
    vcpu_count: record.vcpuCount,
    mem_mib: record.memMib,
    ttl_seconds: record.ttlSeconds,
    created_at: record.createdAt,
    expires_at: expiresAt(record),
    state: record.state,
    network_enabled: record.network,
    allow_host_compat: record.allowHostCompat,
    guest_ip: record.network ? GUEST_NETWORK.address : null,
    execution_mode: engine ? (engine.securityBoundary ? "guest" : "host_compat") : "pending",
    engine: engine
      ? { name: engine.name, platform: engine.platform, security_boundary: engine.securityBoundary }
      : null,
  };
}
