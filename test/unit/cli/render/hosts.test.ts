// The project source in `host doctor`: of the server that the flags ask for, and of each entry's own.

import { expect, test } from "vitest";
import { findHostProjects } from "../../../../src/cli/host-projects.js";
import { renderReport, reportDocument } from "../../../../src/cli/render/hosts.js";
import type { HostsReport } from "../../../../src/hosts/doctor.js";
import type { HostState } from "../../../../src/hosts/examine-host.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

const PROBE = { reachable: true, server: undefined, toolNames: [], durationMs: 1, problem: undefined };
const INSTALLED = { differences: [], healthy: true, installed: { program: "/bin/x", version: "1" } };
const CONNECTED: HostState = {
  ...INSTALLED,
  id: "codex",
  title: "Codex",
  options: { projectPath: "/no/such/project" },
  entry: { location: "user", command: "/bin/x", argumentLine: "", env: {}, enabled: true },
};
const OTHER: HostState = { ...INSTALLED, id: "opencode", title: "OpenCode" };

test("each connected host's own project is shown, and one that is not there is wrong", async () => {
  const project = await makeTempDirectory();
  const report: HostsReport = {
    server: { command: "/bin/pyro", args: [], env: {} },
    options: { projectPath: project },
    probe: PROBE,
    hosts: [CONNECTED, OTHER],
    healthy: true,
  };
  const projects = await findHostProjects(report);
  expect(reportDocument(report, projects)).toMatchObject({
    healthy: false,
    server: { project_source: { kind: "path", problem: null } },
    hosts: [{ project_source: { problem: { code: "seed_unusable" } } }, { project_source: null }],
  });
  const { stdout } = renderReport(report, projects);
  expect(stdout).toContain(`\nProject: ${project}, named by --project-path\n`);
  expect(stdout).toMatch(/^- project: \/no\/such\/project, named by --project-path\n- .*\n {2}hint: /m);
});
