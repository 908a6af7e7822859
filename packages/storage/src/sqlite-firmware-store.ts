import type { DatabaseSync } from 'node:sqlite';
import type { FirmwareFile, FirmwareFileStore } from '@yaolian/directory';
import type { UpdateJob, UpdateJobStore } from '@yaolian/lwm2m/server';
import type { GroupCommit } from './group-commit.ts';

export interface JobQuery {
  readonly device?: string | undefined;
  /** Jobs before this one, the newest first. */
  readonly before?: { readonly createdAt: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** Firmware packages and updates in SQLite. */
export class SqliteFirmwareStore implements FirmwareFileStore, UpdateJobStore {
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#statements = prepareStatements(database);
  }

  async file(id: string): Promise<FirmwareFile | undefined> {
    return read<FirmwareFile>(this.#statements.file.get(id));
  }

  async fileByToken(token: string): Promise<FirmwareFile | undefined> {
    return read<FirmwareFile>(this.#statements.fileByToken.get(token));
  }

  async files(): Promise<readonly FirmwareFile[]> {
    return this.#statements.files.all().map((row) => read<FirmwareFile>(row)!);
  }

  putFile(file: FirmwareFile): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.putFile.run(file.id, file.token, file.createdAt, JSON.stringify(file));
    });
  }

  async removeFile(id: string): Promise<boolean> {
    let removed = false;
    await this.#commit.change(() => {
      removed = this.#statements.removeFile.run(id).changes > 0;
    });
    return removed;
  }

  async job(id: string): Promise<UpdateJob | undefined> {
    return read<UpdateJob>(this.#statements.job.get(id));
  }

  putJob(job: UpdateJob): Promise<void> {
    return this.#commit.change(() => {
      const isOpen = job.finishedAt === undefined ? 1 : 0;
      this.#statements.putJob.run(job.id, job.device, isOpen, job.createdAt, JSON.stringify(job));
    });
  }

  async openJobs(): Promise<readonly UpdateJob[]> {
    return this.#statements.openJobs.all().map((row) => read<UpdateJob>(row)!);
  }

  /** The newest first. */
  async jobs({ device, before, limit }: JobQuery): Promise<readonly UpdateJob[]> {
    const { createdAt, id } = before ?? { createdAt: Number.MAX_SAFE_INTEGER, id: '' };
    const rows =
      device === undefined
        ? this.#statements.jobs.all(createdAt, id, limit)
        : this.#statements.jobsOfDevice.all(device, createdAt, id, limit);
    return rows.map((row) => read<UpdateJob>(row)!);
  }

  /** Forgets all but the newest `keep` finished jobs. */
  trimJobs(keep: number): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.trimJobs.run(keep);
    });
  }
}

function read<T>(row: unknown): T | undefined {
  return row === undefined ? undefined : (JSON.parse((row as { json: string }).json) as T);
}

function prepareStatements(database: DatabaseSync) {
  const newest = '(created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?';
  return {
    file: database.prepare('SELECT json FROM firmware_file WHERE id = ?'),
    fileByToken: database.prepare('SELECT json FROM firmware_file WHERE token = ?'),
    files: database.prepare('SELECT json FROM firmware_file ORDER BY created_at DESC, id DESC'),
    putFile: database.prepare('REPLACE INTO firmware_file VALUES (?, ?, ?, ?)'),
    removeFile: database.prepare('DELETE FROM firmware_file WHERE id = ?'),
    job: database.prepare('SELECT json FROM firmware_job WHERE id = ?'),
    putJob: database.prepare('REPLACE INTO firmware_job VALUES (?, ?, ?, ?, ?)'),
    openJobs: database.prepare('SELECT json FROM firmware_job WHERE open = 1 ORDER BY created_at, id'),
    jobs: database.prepare(`SELECT json FROM firmware_job WHERE ${newest}`),
    jobsOfDevice: database.prepare(`SELECT json FROM firmware_job WHERE device = ? AND ${newest}`),
    trimJobs: database.prepare(
      `DELETE FROM firmware_job WHERE open = 0 AND id NOT IN
        (SELECT id FROM firmware_job WHERE open = 0 ORDER BY created_at DESC, id DESC LIMIT ?)`,
    ),
  };
}
