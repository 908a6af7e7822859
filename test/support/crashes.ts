import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { until } from '@yaolian/testkit';

/** The disk at a moment in which the server could have died. */
export interface Moment {
  readonly folder: string;
  /** Steps that were acknowledged by then. */
  readonly told: number;
}

/** Keeps the disk at every commit while it is on. */
export class Crashes {
  readonly root = mkdtempSync(join(tmpdir(), 'yaolian-crashes-'));
  readonly moments: Moment[] = [];
  dataFolder = '';
  told = 0;
  isOn = false;

  /** Before a commit. After it the disk is as before the next one, or as {@link keep} finds it at the end. */
  committing(): void {
    if (this.isOn) this.keep();
  }

  keep(): void {
    const folder = join(this.root, String(this.moments.length));
    mkdirSync(join(folder, 'tls'), { recursive: true });
    for (const name of ['yaolian.db', 'yaolian.db-wal', 'secrets.key']) {
      const file = join(this.dataFolder, name);
      if (existsSync(file)) copyFileSync(file, join(folder, name));
    }
    for (const name of ['tls', 'uploads']) {
      const from = join(this.dataFolder, name);
      if (existsSync(from)) cpSync(from, join(folder, name), { recursive: true });
    }
    this.moments.push({ folder, told: this.told });
  }

  /** Waits until everybody has been told of the changes so far. */
  async untilTold(): Promise<void> {
    using database = new DatabaseSync(join(this.dataFolder, 'yaolian.db'), { readOnly: true, timeout: 10_000 });
    const left = database.prepare('SELECT 1 FROM association_change LIMIT 1');
    await until(() => left.get() === undefined, 'the end of what is to be told');
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
