// The documented interfaces of src/sdk/gen are the operations' schemas, no more and no less.

import { expectTypeOf, test } from "vitest";
import type * as sdk from "../../../src/index.js";
import type { OptionsOf, SdkResultOf } from "../../../src/sdk/call.js";
import type { OperationId } from "../../../src/operations/registry.js";

/** An operation's own options, without those that every call has. */
type Fields<Id extends OperationId> = Omit<
  OptionsOf<Id>,
  keyof sdk.CommandOptions | keyof sdk.ProgressOptions
>;
type Own<Options> = Omit<Options, keyof sdk.CommandOptions | keyof sdk.ProgressOptions>;

test("results", () => {
  expectTypeOf<sdk.EnvironmentList>().toEqualTypeOf<SdkResultOf<"vm_list_environments">>();
  expectTypeOf<sdk.EnvironmentDetails>().toEqualTypeOf<SdkResultOf<"env_inspect">>();
  expectTypeOf<sdk.PulledEnvironment>().toEqualTypeOf<SdkResultOf<"env_pull">>();
  expectTypeOf<sdk.PruneResult>().toEqualTypeOf<SdkResultOf<"env_prune">>();
  expectTypeOf<sdk.CommandResult>().toEqualTypeOf<SdkResultOf<"vm_run">>();
  expectTypeOf<sdk.CommandResult>().toEqualTypeOf<SdkResultOf<"vm_exec">>();
  expectTypeOf<sdk.VmRecord>().toEqualTypeOf<SdkResultOf<"vm_create">>();
  expectTypeOf<sdk.VmRecord>().toEqualTypeOf<SdkResultOf<"vm_status">>();
  expectTypeOf<sdk.DeletedVm>().toEqualTypeOf<SdkResultOf<"vm_delete">>();
  expectTypeOf<sdk.VmNetworkInfo>().toEqualTypeOf<SdkResultOf<"vm_network_info">>();
  expectTypeOf<sdk.ReapResult>().toEqualTypeOf<SdkResultOf<"vm_reap_expired">>();
  expectTypeOf<sdk.DoctorReport>().toEqualTypeOf<SdkResultOf<"doctor">>();
  expectTypeOf<sdk.PrepareResult>().toEqualTypeOf<SdkResultOf<"prepare">>();
});

test("options", () => {
  expectTypeOf<Own<sdk.InspectEnvironmentOptions>>().toEqualTypeOf<Fields<"env_inspect">>();
  expectTypeOf<Own<sdk.PullEnvironmentOptions>>().toEqualTypeOf<Fields<"env_pull">>();
  expectTypeOf<Own<sdk.CreateVmOptions>>().toEqualTypeOf<Fields<"vm_create">>();
  expectTypeOf<Own<sdk.ExecVmOptions>>().toEqualTypeOf<Fields<"vm_exec">>();
  expectTypeOf<Own<sdk.RunInVmOptions>>().toEqualTypeOf<Fields<"vm_run">>();
  expectTypeOf<Own<sdk.DoctorOptions>>().toEqualTypeOf<Fields<"doctor">>();
  expectTypeOf<Own<sdk.PrepareOptions>>().toEqualTypeOf<Fields<"prepare">>();
  expectTypeOf<Own<sdk.VmIdOptions>>().toEqualTypeOf<Fields<"vm_start">>();
  expectTypeOf<Own<sdk.VmIdOptions>>().toEqualTypeOf<Fields<"vm_stop">>();
  expectTypeOf<Own<sdk.VmIdOptions>>().toEqualTypeOf<Fields<"vm_delete">>();
  expectTypeOf<Own<sdk.VmIdOptions>>().toEqualTypeOf<Fields<"vm_status">>();
  expectTypeOf<Own<sdk.VmIdOptions>>().toEqualTypeOf<Fields<"vm_network_info">>();
});

test("Pyro has the contract's methods", () => {
  expectTypeOf<keyof sdk.Pyro>().toEqualTypeOf<
    | "listEnvironments"
    | "pullEnvironment"
    | "inspectEnvironment"
    | "pruneEnvironments"
    | "createVm"
    | "startVm"
    | "execVm"
    | "stopVm"
    | "deleteVm"
    | "statusVm"
    | "networkInfoVm"
    | "reapExpired"
    | "runInVm"
    | "doctor"
    | "prepare"
  >();
  expectTypeOf<sdk.Pyro["createVm"]>().returns.resolves.toEqualTypeOf<sdk.Vm>();
  expectTypeOf<sdk.Vm>().toExtend<AsyncDisposable>();
});
