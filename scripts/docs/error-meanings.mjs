// What each code of a failure means to whoever made the call; docs/reference/errors.md shows it.

export const ERROR_MEANINGS = {
  internal: "A fault of pyro itself.",
  guest_died: "The guest ended while it was used.",
  guest_out_of_memory: "The guest wanted more memory than it has, and was ended.",
  environment_damaged: "Files of an installed environment are not what was installed.",
  cancelled: "The caller ended the call, or went away.",
  invalid_input: "An argument is missing, unknown or out of range; nothing was done.",
  environment_not_found: "No environment has this name.",
  vm_not_found: "No one-shot guest has this id.",
  workspace_not_found: "No workspace has this id or name; it may have expired.",
  workspace_damaged:
    "The workspace's own files on the host cannot be read. Other workspaces are not concerned.",
  service_not_found: "The workspace has had no service of this name since its last reset.",
  snapshot_not_found: "The workspace has no snapshot of this name.",
  shell_not_found: "The workspace has no shell of this id; a reset, a stop or a recovery ends them all.",
  shell_limit_reached: "The workspace has as many shells as a guest can have.",
  path_not_found:
    "There is nothing at this path: a file or directory of the workspace, a command of its logs, or a file on the host.",
  path_outside_workspace: "The path leads out of /workspace, by itself or through a symbolic link.",
  not_text: "The file is not UTF-8 text, which this call is for.",
  patch_rejected:
    "The patch cannot be read or does not fit. The message names file, hunk and lines; nothing was changed.",
  seed_unusable:
    "What a workspace was to begin with cannot be used: it is missing, unreadable or of another kind.",
  layer_damaged: "A kept state of a workspace is not what was written. The workspace itself lives.",
  export_refused:
    "Nothing was written to the host: something is there already, or what comes from the guest is not safe to write.",
  conflict: "The thing is not in a state for this, is being used, or its name is taken.",
  daemon_busy: "A daemon of another version or with other settings is at work.",
  environment_in_use: "Guests use the environment.",
  engine_unavailable: "This host cannot run guests.",
  daemon_unavailable: "The daemon cannot be started, or was lost during the call.",
  host_unavailable: "A coding agent's program, such as Claude Code's, does not do what it is asked.",
  program_missing:
    "A program that the call needs is not there: of this host, such as git, or of the guest, such as a shell.",
  model_unavailable: "Nobody answers at a model's endpoint, or the answer is none of the protocol.",
  model_not_found: "The endpoint has no model of this name.",
  image_not_found: "The registry has no image of this name and tag, or shows it only to those who log in.",
  platform_missing: "The image exists, but not for linux/amd64.",
  image_invalid:
    "What the registry sent is not the image it promised: a wrong digest or size, or an old format.",
  image_hostile:
    "A layer of the image tries to leave its tree, or to grow without bound. Nothing of it was kept.",
  registry_denied: "The registry refuses the credentials, or wants some.",
  registry_unreachable: "No connection to the registry: its name, the network, a proxy, or its certificate.",
  registry_busy: "The registry has had too many requests and says so, after several tries.",
  registry_failed: "The registry failed at something it began, after several tries.",
  source_unavailable: "No source of the environment can be reached.",
  not_yet_available: "A later version will have this.",
  network_unavailable:
    "The guest cannot have the network that was asked for: its stack does not start, or it would run on the host.",
  guest_start_failed: "A guest was started and did not come up.",
  storage_unavailable: "A directory of pyro's cannot be used.",
  guest_start_timeout: "A guest did not come up in time.",
  timeout: "The call took longer than it may.",
  vm_limit_reached: "As many guests run as may.",
  out_of_disk: "The disk is full, or nearly.",
  out_of_memory: "The host has too little memory left for one more guest.",
};
