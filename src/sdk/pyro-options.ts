// What a Pyro is made with.

/**
 * Where a {@link Pyro} keeps its things. Without them it shares guests and environments with the `pyro` command line:
 * the environment variables named below are read once, by the constructor. Relative paths count from the working
 * directory.
 *
 * Whoever uses one state directory must use the same cache directories: the daemon that has the state is the only
 * one, and a busy one of other directories is a `daemon_busy` error.
 */
export interface PyroOptions {
  /**
   * Records, guests' files and the daemon's log. A directory of its own means a daemon of its own.
   *
   * @defaultValue `PYRO_STATE_DIR`, else `pyro-mcp` in `$XDG_STATE_HOME` or `~/.local/state`
   */
  readonly stateDir?: string | undefined;
  /**
   * What can be made again.
   *
   * @defaultValue `PYRO_CACHE_DIR`, else `pyro-mcp` in `$XDG_CACHE_HOME` or `~/.cache`
   */
  readonly cacheDir?: string | undefined;
  /**
   * Installed environments, hundreds of megabytes each.
   *
   * @defaultValue `environments` in `cacheDir` when that is given; else `PYRO_ENVIRONMENT_CACHE_DIR`, else
   * `environments` in the cache directory
   */
  readonly environmentCacheDir?: string | undefined;
}
