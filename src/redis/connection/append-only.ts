/** What a Redis reports about its append-only file in INFO. */
export type AppendOnly = {
  /** Whether it is switched on. It may still not be loadable, see {@link LoadableFiles}. */
  readonly isOn: boolean;
  /** `scheduled`: the rewrite waits for another child process to end. */
  readonly rewrite: 'none' | 'running' | 'scheduled';
  /** Number of rewrites started since Redis was started; null if this Redis does not count them. */
  readonly rewrites: number | null;
  readonly isWriteOk: boolean;
};

/** The fields of INFO. */
export const parseInfo = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text
      .split('\r\n')
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );

const rewriteOf = (fields: ReadonlyMap<string, string>): AppendOnly['rewrite'] => {
  if (fields.get('aof_rewrite_in_progress') === '1') return 'running';
  return fields.get('aof_rewrite_scheduled') === '1' ? 'scheduled' : 'none';
};

/** Reads what INFO reports about the append-only file. */
export const readAppendOnly = (fields: ReadonlyMap<string, string>): AppendOnly => {
  const rewrites = fields.get('aof_rewrites');
  return {
    isOn: fields.get('aof_enabled') === '1',
    rewrite: rewriteOf(fields),
    rewrites: rewrites === undefined ? null : Number(rewrites),
    isWriteOk: (fields.get('aof_last_write_status') ?? 'ok') === 'ok',
  };
};

/**
 * A text that changes whenever the file may have been switched off and on again: with another process, another history after
 * a promotion, or a CONFIG SET. Null if Redis does not report this.
 */
export const readEpoch = (fields: ReadonlyMap<string, string>): string | null => {
  const parts = [fields.get('run_id'), fields.get('master_replid')];
  if (parts.includes(undefined) || fields.get('role') !== 'master') return null;
  // Before Redis 7, CONFIG GET and CONFIG SET are counted together, and the gate itself sends CONFIG GET.
  if (fields.has('cmdstat_config')) return null;
  return [...parts, fields.get('cmdstat_config|set'), fields.get('cmdstat_config|resetstat')].join(' ');
};

/**
 * Knows which append-only files Redis would load if it were killed now. A file that was just switched on, by CONFIG SET or
 * at the end of a resynchronization, is not loadable until its first rewrite has finished: until then Redis would load what
 * it had before. INFO still reports the file as on, and its first rewrite looks like any other. So a rewrite counts as
 * ordinary only if the file was seen without a rewrite before, and nothing has happened since that could have switched it
 * off.
 */
export class LoadableFiles {
  /** Epochs in which a file was seen switched on and without a rewrite. */
  readonly #seen = new Set<string>();
  /** The ordinary rewrites that are running, by their number. */
  #running = new Set<number>();

  /** Forgets the running rewrites before the files are read again. */
  beginRead(): void {
    this.#running = new Set();
  }

  /** Records the state of a file. Returns whether Redis would load it. */
  read(file: AppendOnly, epoch: string | null): boolean {
    if (!file.isOn) {
      if (epoch !== null) this.#seen.delete(epoch);
      return false;
    }
    if (file.rewrite === 'none') {
      if (epoch !== null) this.#remember(epoch);
      return true;
    }
    const isOrdinary = epoch !== null && this.#seen.has(epoch);
    if (isOrdinary && file.rewrite === 'running' && file.rewrites !== null) this.#running.add(file.rewrites);
    return isOrdinary;
  }

  /** Whether Redis is known to load the file, judged without an epoch: a script does not report one. */
  isKnownLoadable(file: AppendOnly): boolean {
    if (!file.isOn) return false;
    if (file.rewrite === 'none') return true;
    return file.rewrite === 'running' && file.rewrites !== null && this.#running.has(file.rewrites);
  }

  #remember(epoch: string): void {
    const [process] = epoch.split(' ');
    for (const known of this.#seen) if (known.startsWith(`${process} `)) this.#seen.delete(known);
    this.#seen.add(epoch);
  }
}
