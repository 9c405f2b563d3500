// The handle of one service.

import type { CallOptions } from "./call-options.js";
import type { LogsServiceOptions } from "./gen/service-options.js";
import type { ServiceLogs, ServiceRecord, StartedService } from "./gen/service-results.js";
import { iterateOutput, type OutputChunk } from "./iterate-output.js";
import type { ServiceCalls } from "./service-calls.js";

/**
 * A service that {@link Pyro.startService} started or {@link Workspace.service} found. It lives in the guest, not in
 * this object, which needs no closing.
 *
 * @example
 * ```ts
 * const service = await workspace.startService({ serviceName: "web", command: "npm start", readyTcp: 3000 });
 * for await (const { stream, chunk } of service.follow()) process[stream].write(chunk);
 * ```
 */
export class Service {
  readonly #pyro: ServiceCalls;
  #record: StartedService;

  /** @internal Made by {@link Pyro.startService} and {@link Workspace.service}. */
  constructor(pyro: ServiceCalls, record: StartedService) {
    this.#pyro = pyro;
    this.#record = record;
  }

  /** Name of the service, unique in its workspace. */
  get name(): string {
    return this.#record.serviceName;
  }

  /** Id of its workspace, `ws_…`. */
  get workspaceId(): string {
    return this.#record.workspaceId;
  }

  /** The service as this handle saw it last: at its start, or at its latest status or stop. */
  get record(): Readonly<StartedService> {
    return this.#record;
  }

  /** {@link Pyro.statusService} of this service. */
  async status(options: CallOptions = {}): Promise<ServiceRecord> {
    return (this.#record = await this.#pyro.statusService(this.#own(options)));
  }

  /** {@link Pyro.stopService} of this service. */
  async stop(options: CallOptions = {}): Promise<ServiceRecord> {
    return (this.#record = await this.#pyro.stopService(this.#own(options)));
  }

  /** {@link Pyro.logsService} of this service. */
  async logs(options: Omit<LogsServiceOptions, "workspaceId" | "serviceName"> = {}): Promise<ServiceLogs> {
    return this.#pyro.logsService(this.#own(options));
  }

  /**
   * The last lines of its log, and then what it writes until it ends. Leaving the loop ends the reading and nothing
   * else. While the loop is busy nothing more is read; what the log has rotated away by then is missing.
   */
  follow(options: Pick<LogsServiceOptions, "tailLines" | "all" | "signal"> = {}): AsyncIterable<OutputChunk> {
    return iterateOutput(options.signal, (callbacks) =>
      this.logs({ ...options, ...callbacks, follow: true }),
    );
  }

  #own<Options extends object>(options: Options): Options & { workspaceId: string; serviceName: string } {
    return { ...options, workspaceId: this.workspaceId, serviceName: this.name };
  }
}
