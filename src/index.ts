// The package's public surface: what is not here is not public.

/**
 * Isolated Linux guests from TypeScript: {@link Pyro} is where to begin.
 *
 * @packageDocumentation
 */

export { Pyro } from "./sdk/pyro.js";
export type { PyroOptions } from "./sdk/pyro-options.js";
export type { Vm } from "./sdk/vm.js";

export { PyroError } from "./contract/errors.js";
export type { ErrorCode, ErrorDetails, ErrorReport, PyroErrorOptions } from "./contract/errors.js";

export type { CallOptions, CommandOptions, Progress, ProgressOptions, Stdin } from "./sdk/call-options.js";
export type {
  CreateVmOptions,
  DoctorOptions,
  ExecVmOptions,
  InspectEnvironmentOptions,
  PrepareOptions,
  PullEnvironmentOptions,
  RunInVmOptions,
  VmIdOptions,
} from "./sdk/gen/options.js";
export type {
  CommandResult,
  DeletedVm,
  DoctorReport,
  Engine,
  Environment,
  EnvironmentDetails,
  EnvironmentList,
  InstallManifest,
  PrepareResult,
  PruneResult,
  PulledEnvironment,
  ReapResult,
  VmNetworkInfo,
  VmRecord,
} from "./sdk/gen/results.js";
