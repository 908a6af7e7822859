import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, type Log } from '@yaolian/kernel';
import { type DefinitionError, type ObjectDefinition, parseObjectDefinitions } from '@yaolian/lwm2m-objects';
import { platformErrors } from '../errors.ts';
import { differencesOf } from './differences.ts';
import type { LiveObjectModel } from './live-object-model.ts';

export interface AddedObjectsOptions {
  readonly model: LiveObjectModel;
  /** Made when the first definition is added. */
  readonly folder: string;
  readonly log: Log;
  /** Definitions at most. Default 2,000. */
  readonly maximum?: number;
}

/** What became of a definition file that somebody wants to add. */
export type AddResult =
  | { readonly ok: true; readonly definition: ObjectDefinition }
  | { readonly ok: false; readonly reason: 'invalid'; readonly error: DefinitionError }
  | { readonly ok: false; readonly reason: 'several'; readonly count: number }
  | { readonly ok: false; readonly reason: 'full'; readonly maximum: number };

/** Object definitions that operators add: kept as DDF files in a folder, one per object and version. */
export class AddedObjects {
  readonly #options: Required<AddedObjectsOptions>;
  #saving: Promise<unknown> = Promise.resolve();

  constructor(options: AddedObjectsOptions) {
    this.#options = { maximum: 2000, ...options };
  }

  /**
   * Reads what is in the folder. A file that cannot be read as a definition is logged and passed over.
   * @throws OBJECTS_UNREADABLE when the folder or a file in it cannot be read at all
   */
  async load(): Promise<void> {
    const { folder, log, model } = this.#options;
    const definitions: ObjectDefinition[] = [];
    for (const name of await this.#files()) {
      const path = join(folder, name);
      const text = await readFile(path, 'utf8').catch((cause: unknown) => {
        throw platformErrors.OBJECTS_UNREADABLE(path, cause);
      });
      const parsed = parseObjectDefinitions(text);
      if (parsed.ok) definitions.push(...parsed.value);
      else log.warn('object definition passed over', { file: path, reason: parsed.error.message });
    }
    if (definitions.length > 0) model.add(definitions);
  }

  /** What {@link add} would say; keeps nothing. */
  check(xml: string): AddResult {
    const parsed = parseObjectDefinitions(xml);
    if (!parsed.ok) return { ok: false, reason: 'invalid', error: parsed.error };
    const [definition, ...more] = parsed.value;
    if (definition === undefined || more.length > 0)
      return { ok: false, reason: 'several', count: parsed.value.length };
    const { maximum, model } = this.#options;
    if (model.addedCount >= maximum && !model.isAdded(definition.id, definition.version)) {
      return { ok: false, reason: 'full', maximum };
    }
    return { ok: true, definition };
  }

  /** Checks a definition, keeps it on disk and then uses it. */
  async add(xml: string): Promise<AddResult> {
    const checked = this.check(xml);
    if (!checked.ok) return checked;
    const { definition } = checked;
    const { log, model } = this.#options;
    await this.#inTurn(() => this.#save(definition, xml));
    model.add([definition]);
    const { id, version } = definition;
    const original = model.ofRegistry(id, version);
    if (original !== undefined) {
      const differences = differencesOf(original, definition).map(
        ({ resource, was, is }) => `/${id}//${resource}: ${was} -> ${is}`,
      );
      log.warn('object of the registry replaced', {
        object: id,
        version,
        differences: differences.join('; ') || 'none',
      });
    }
    return { ok: true, definition };
  }

  /** True when it was there. */
  async remove(objectId: number, version: string): Promise<boolean> {
    const { folder, model } = this.#options;
    if (!model.isAdded(objectId, version)) return false;
    await this.#inTurn(() => rm(join(folder, fileName(objectId, version)), { force: true }));
    model.remove(objectId, version);
    return true;
  }

  async #files(): Promise<string[]> {
    const { folder } = this.#options;
    try {
      return (await readdir(folder)).filter((name) => /^\d+_\d+\.\d+\.xml$/.test(name)).sort();
    } catch (cause) {
      if (hasCode(cause, 'ENOENT')) return [];
      throw platformErrors.OBJECTS_UNREADABLE(folder, cause);
    }
  }

  /** On disk before it is acknowledged, and never half of it. */
  async #save(definition: ObjectDefinition, xml: string): Promise<void> {
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true });
    const path = join(folder, fileName(definition.id, definition.version));
    const file = await open(`${path}.new`, 'w', 0o640);
    try {
      await file.writeFile(xml);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
    const directory = await open(folder, 'r');
    await directory.sync().finally(() => directory.close());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#saving.then(work);
    this.#saving = done.catch(() => undefined); // the caller has the error; the next one starts afresh
    return done;
  }
}

function fileName(objectId: number, version: string): string {
  return `${objectId}_${version}.xml`;
}
