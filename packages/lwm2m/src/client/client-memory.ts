import { ContentFormat } from '@yaolian/coap';
import { decodeBase64, encodeBase64, type Log } from '@yaolian/kernel';
import { decodePackValues, encodePack, type PackValue } from '../formats/index.ts';
import { nodeValues } from '../node.ts';
import { isMadeRule } from './access-control.ts';
import type { Journal } from './firmware/ports.ts';
import type { ObjectTree } from './object-tree.ts';
import { linkedObjects } from './objects/credentials.ts';
import { applyBootstrapPack } from './operations/bootstrap.ts';
import { readObject } from './operations/read.ts';

/**
 * What a terminal remembers of its servers over a restart: with it, it needs no other bootstrap, and tells what it kept while it
 * was offline. Texts; **keys are in it**, so keep it where nobody else reads.
 */
export interface ClientRecord {
  /** Objects 0, 1, 2 and those that accounts lead to, as a bootstrap and servers left them. */
  readonly accounts: string;
  /** Notifications that servers are yet to be told (1/x/6), by Short Server ID. */
  readonly stored: Readonly<Record<string, string>>;
  /** What the smartcard had on it when the accounts were made of it; absent: they are of no card. */
  readonly smartcard?: string;
}

/** Security, Server, Access Control, and what the first leads to. */
const accountObjects = [0, 1, 2, ...linkedObjects];

export function accountsRecord(tree: ObjectTree): string {
  const values: PackValue[] = [];
  for (const objectId of accountObjects) {
    const object = tree.entry(objectId);
    if (!object) continue;
    const isKept = ({ objectInstanceId }: { readonly objectInstanceId?: number }) =>
      objectId !== 2 || !isMadeRule(object.instances.get(objectInstanceId!)!);
    const node = readObject(object, 'all', { objectId }, isKept);
    values.push(...nodeValues({ objectId }, node));
  }
  return packText(values);
}

/** Puts accounts back. False: the record makes no sense, and nothing was done. */
export function restoreAccounts(tree: ObjectTree, accounts: string): boolean {
  const bytes = decodeBase64(accounts);
  if (!bytes || bytes.length === 0) return false;
  const outcome = applyBootstrapPack(tree, ContentFormat.SenmlCbor, bytes);
  // No hook of these objects takes its time.
  return !(outcome instanceof Promise) && outcome.ok;
}

export function storedRecord(values: readonly PackValue[]): string {
  return packText(values);
}

/** The values of a record; none when it makes no sense. */
export function storedValues(tree: ObjectTree, record: string | undefined): readonly PackValue[] {
  const bytes = record === undefined ? undefined : decodeBase64(record);
  const values = bytes && decodePackValues(ContentFormat.SenmlCbor, bytes, tree);
  return values?.ok ? values.value : [];
}

function packText(values: readonly PackValue[]): string {
  const encoded = encodePack(ContentFormat.SenmlCbor, values);
  if (!encoded.ok) throw new Error(`what the terminal has cannot be written: ${encoded.error.message}`);
  return encodeBase64(encoded.value);
}

/** Saves records one after the other: the newest is the last that is saved. */
export class RecordSaving {
  readonly #memory: Journal<ClientRecord>;
  readonly #log: Log;
  #saving: Promise<boolean> | undefined;
  #isSaved = true;

  constructor(memory: Journal<ClientRecord>, log: Log) {
    this.#memory = memory;
    this.#log = log;
  }

  /** Whether the newest record is saved, once that is known. */
  get saved(): Promise<boolean> {
    return this.#saving ?? Promise.resolve(this.#isSaved);
  }

  save(record: ClientRecord): void {
    const write = async () => {
      try {
        await this.#memory.save(record);
        return true;
      } catch (error) {
        this.#log.warn('what is to survive a restart cannot be saved', { error });
        return false;
      }
    };
    const saving = this.#saving ? this.#saving.then(write) : write();
    this.#saving = saving;
    void saving.then((isSaved) => {
      this.#isSaved = isSaved;
      if (this.#saving === saving) this.#saving = undefined;
    });
  }
}
