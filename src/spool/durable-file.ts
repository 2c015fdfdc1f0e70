import type { DatabaseSync } from 'node:sqlite';
import type { SpoolDisk } from './disk.ts';

/** A spool file. Each method that changes it returns once the change is on disk. It knows whether it can be written. */
export class DurableFile implements Disposable {
  readonly #file: DatabaseSync;
  readonly #disk: SpoolDisk;
  #isBroken = false;

  constructor(file: DatabaseSync, disk: SpoolDisk) {
    this.#file = file;
    this.#disk = disk;
  }

  /** Makes a change in one transaction. */
  commit<Value>(work: () => Value): Value {
    try {
      this.#file.exec('BEGIN IMMEDIATE');
      const value = work();
      this.#file.exec('COMMIT');
      this.#isBroken = false;
      return value;
    } catch (error) {
      this.#isBroken = true;
      if (this.#file.isTransaction) this.#file.exec('ROLLBACK');
      throw error;
    }
  }

  /** Makes a change that must also be possible on a full disk, if necessary with the reserved space. */
  commitAnyway<Value>(work: () => Value): Value {
    try {
      return this.commit(work);
    } catch {
      this.#disk.release();
      this.trim('PRAGMA wal_checkpoint(TRUNCATE)');
      return this.commit(work);
    }
  }

  /** Frees disk space. If even that has no room, a later call tries again. */
  trim(pragmas: string): void {
    try {
      this.#file.exec(pragmas);
    } catch {
      this.#isBroken = true;
    }
  }

  /** Whether it can be written. After a failed write, this makes a small one to find out. */
  isWritable(): boolean {
    if (!this.#isBroken) return true;
    try {
      const changingNumber = Math.trunc(performance.now()) % 1_000_000;
      this.commit(() => this.#file.exec(`PRAGMA user_version = ${changingNumber}`));
      return true;
    } catch {
      return false;
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}
