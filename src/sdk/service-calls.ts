// The SDK's calls about services of workspaces.

import { call } from "./call.js";
import { EditCalls } from "./edit-calls.js";
import type {
  ListServicesOptions,
  LogsServiceOptions,
  ServiceIdOptions,
  StartServiceOptions,
} from "./gen/service-options.js";
import type { ServiceList, ServiceLogs, ServiceRecord } from "./gen/service-results.js";
import { Service } from "./service.js";

/** What of {@link Pyro} is about services. */
export abstract class ServiceCalls extends EditCalls {
  /**
   * Starts a long-running process in a workspace, such as a web server, and resolves when it is ready: `readyTcp`,
   * `readyHttp`, `readyFile` or `readyCommand` tells when that is. It runs until it ends, is stopped, or the guest's
   * end; the call that started it may be long over.
   *
   * A service that dies first, or is not ready in time, is no error: `record.state` is `failed`, and
   * `record.logTail` has the end of what it wrote. With `publishedPorts` ports of the guest are reached at 127.0.0.1
   * of this host, when the workspace was created with `networkPolicy: "egress+published-ports"`.
   *
   * @throws {@link PyroError} `conflict` when a service of this name runs, or a port is taken.
   *
   * @example
   * ```ts
   * const service = await pyro.startService({
   *   workspaceId: "fix-parser",
   *   serviceName: "web",
   *   command: "python3 -m http.server 8000",
   *   readyHttp: "http://127.0.0.1:8000/",
   *   publishedPorts: [{ guestPort: 8000 }],
   * });
   * const [port] = service.record.publishedPorts;
   * if (port) console.log(`http://${port.host}:${port.hostPort}/`);
   * ```
   */
  async startService(options: StartServiceOptions): Promise<Service> {
    return new Service(this, await call(this.client, "service_start", options));
  }

  /** Lists the services of a workspace since its last reset, those that have ended too. */
  async listServices(options: ListServicesOptions): Promise<ServiceList> {
    return call(this.client, "service_list", options);
  }

  /**
   * Shows whether a service runs, where it is reached, and how it ended.
   *
   * @throws {@link PyroError} `service_not_found`.
   */
  async statusService(options: ServiceIdOptions): Promise<ServiceRecord> {
    return call(this.client, "service_status", options);
  }

  /**
   * Ends a service and every process that it has started: TERM, and after 5 seconds KILL. Stopping one that has ended
   * is a success.
   *
   * @throws {@link PyroError} `service_not_found`.
   */
  async stopService(options: ServiceIdOptions): Promise<ServiceRecord> {
    return call(this.client, "service_stop", options);
  }

  /**
   * Shows the end of what a service has written, or all that is kept: the latest 2 to 4 MiB of each stream. With
   * `follow` the output goes to `onStdout` and `onStderr`, also what is still to come, until the service ends;
   * {@link Service.follow} does the same as an iterator.
   *
   * @throws {@link PyroError} `service_not_found`.
   */
  async logsService(options: LogsServiceOptions): Promise<ServiceLogs> {
    return call(this.client, "service_logs", options);
  }
}
