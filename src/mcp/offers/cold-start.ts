// `--mode cold-start`: does a project come up from nothing but what is in its repository?

import { ABOUT_COMMANDS, ABOUT_RESULTS, NETWORK_BY_POLICY } from "./guidance.js";
import type { Offer } from "./offer.js";

export const COLD_START: Offer = {
  tools: [
    "workspace_create",
    "workspace_exec",
    "workspace_logs",
    "workspace_file_list",
    "workspace_file_read",
    "workspace_export",
    "service_start",
    "service_list",
    "service_status",
    "service_logs",
    "service_stop",
    "workspace_reset",
    "workspace_summary",
    "workspace_delete",
  ],
  instructions: `Find out whether a project builds and passes its tests on a machine that has never seen it. The guest has the project as Git sees it and the bare environment: nothing that is only on the author's machine.

1. workspace_create, then read what the project says of itself: README, Makefile, package files, CI configuration.
2. Follow it literally with workspace_exec: install, build, test. Note every step that the documents do not tell.
3. What stays running, such as a web server, is a service: service_start waits until it is ready. With \`network_policy\` egress+published-ports and \`published_ports\` the user reaches it at 127.0.0.1 of the host.
4. A step failed? Find out why. workspace_reset and start over with the steps that you have now: the result counts only from the beginning to the end.
5. Report: does it come up, with which commands, how long did each take, and what is missing in the documents. workspace_summary has the facts. workspace_delete at the end.

${ABOUT_COMMANDS}
${NETWORK_BY_POLICY} Create it so when the project downloads what it needs, and say in the report that it does.
${ABOUT_RESULTS}`,
  descriptions: {
    workspace_create:
      "Creates an isolated Linux guest with the project as Git sees it in /workspace: no ignored files, no caches, no packages of the author's machine. `environment` decides what is installed: debian:12-build has compilers, node and pip.",
    workspace_exec:
      "Runs one step of the project's own instructions and returns output, exit status and duration. Give installs, builds and tests a `timeout_seconds` of several minutes. Long output keeps head and tail: workspace_logs has the rest.",
    service_start:
      "Starts what the project's instructions leave running, such as a web server or a database, and returns when `ready_tcp`, `ready_http`, `ready_file` or `ready_command` says that it is up. `state: failed` comes with the end of its log: a finding for the report. `published_ports` show it to the user at 127.0.0.1 of the host.",
    service_logs:
      "Shows the last lines that a service wrote, after its end too: why it did not come up, or what it did with a request.",
    workspace_reset:
      "Puts the guest back to the fresh machine that it was, installed packages too. Before every run that is to count.",
  },
  withheld: {
    workspace_create: ["secrets"],
    workspace_exec: ["secret_env"],
    service_start: ["secret_env"],
    workspace_export: ["force"],
  },
};
