import { decodeBase64, encodeBase64, equalBytes, type Log, type Timers, zeroDuration } from '@yaolian/kernel';
import { decodeBootstrapFile } from '../bootstrap-file.ts';
import { readServerAccounts } from './accounts.ts';
import type { ClientEvent } from './events.ts';
import type { ObjectInstance } from './object-instance.ts';
import type { ObjectTree } from './object-tree.ts';
import { replaceObject } from './operations/bootstrap.ts';

/** A smartcard as it is seen by a terminal. How the file is found on it (PKCS #15, appendix G.2) is the program's matter. */
export interface Smartcard {
  /**
   * The content of EF LwM2M_Bootstrap; undefined: there is no card, or none with such a file. Asked at the start, and before each Register
   * and Update with a server that the card brought.
   */
  read(): Promise<Uint8Array | undefined>;
}

export interface SmartcardHost {
  readonly tree: ObjectTree;
  readonly log: Log;
  readonly timers: Timers;
  emit(event: ClientEvent): void;
  checkConsistency(): string | undefined;
  mayBootstrap(): boolean;
  /** Ends what there is with servers, and begins with those that there are now. */
  startOver(): Promise<void>;
}

/**
 * Bootstrap from Smartcard (OMA-TS-LightweightM2M_Core 1.1 §6.1.3.2): what is on the card takes the place of what the terminal has; where
 * the card changes, what it brought goes, and what it says now comes.
 */
export class SmartcardBootstrap {
  readonly #host: SmartcardHost;
  readonly #card: Smartcard;
  /** What is in force; undefined: nothing of a card. */
  #content: Uint8Array | undefined;
  #made: readonly ObjectInstance[] = [];
  #refreshing: Promise<boolean> | undefined;

  constructor(host: SmartcardHost, card: Smartcard) {
    this.#host = host;
    this.#card = card;
  }

  /** What is to be remembered over a restart: with it the terminal knows whether the card is another one now. Secrets are in it. */
  get record(): string | undefined {
    return this.#content && encodeBase64(this.#content);
  }

  /** The tree has what an earlier process made of this. */
  recall(record: string | undefined): void {
    const content = record === undefined ? undefined : decodeBase64(record);
    const objects = content && decodeBootstrapFile(content, this.#host.tree);
    if (!objects?.ok) return;
    this.#content = content;
    this.#noteMade(objects.value);
  }

  /** Whether the card that brought an instance is another one now, after which the host starts over; undefined: no card did. */
  changedUnder(instance: ObjectInstance): Promise<boolean> | undefined {
    if (!this.#made.includes(instance)) return undefined;
    return this.refresh().then((changed) => {
      // Later, for the one who asks is a registration that is about to be stopped.
      if (changed) this.#host.timers.schedule(zeroDuration, () => void this.#host.startOver());
      return changed;
    });
  }

  /** Reads the card. @returns whether the terminal has other accounts now */
  refresh(): Promise<boolean> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<boolean> {
    const { tree, log } = this.#host;
    let content: Uint8Array | undefined;
    try {
      content = await this.#card.read();
    } catch (error) {
      // Whether it is another card now, the next look will tell.
      log.warn('the smartcard cannot be read', { error });
      return false;
    }
    if (sameBytes(content, this.#content)) return false;
    for (const { definition, id } of this.#made) tree.remove(definition.id, id);
    this.#made = [];
    this.#content = content && Uint8Array.from(content);
    if (!this.#content) {
      this.#host.emit({ type: 'smartcard', outcome: 'removed', reason: undefined });
      return true;
    }
    const before = tree.snapshot();
    const reason = await this.#apply(this.#content);
    if (reason !== undefined) {
      tree.restore(before);
      this.#made = [];
    }
    this.#host.emit({ type: 'smartcard', outcome: reason === undefined ? 'applied' : 'refused', reason });
    return true;
  }

  /** @returns why not; then half of it may be in place */
  async #apply(content: Uint8Array): Promise<string | undefined> {
    const { tree } = this.#host;
    const objects = decodeBootstrapFile(content, tree);
    if (!objects.ok) return objects.error.message;
    for (const { node } of objects.value) {
      const object = tree.entry(node.id);
      // As with a Bootstrap-Server: objects that the terminal does not have are passed over.
      if (!object) continue;
      const outcome = await replaceObject(tree, object, node);
      if (!outcome.ok) return `object ${node.id}: ${outcome.error.reason}`;
    }
    this.#noteMade(objects.value);
    const problem = this.#host.checkConsistency();
    // The card may name a Bootstrap-Server alone.
    return this.#host.mayBootstrap() && readServerAccounts(tree).ok ? undefined : problem;
  }

  #noteMade(
    objects: readonly { readonly node: { readonly id: number; readonly instances: ReadonlyMap<number, unknown> } }[],
  ) {
    this.#made = objects.flatMap(({ node }) => {
      const object = this.#host.tree.entry(node.id);
      if (!object?.creatable) return [];
      return [...node.instances.keys()].map((id) => object.instances.get(id)).filter((one) => one !== undefined);
    });
  }
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalBytes(a, b);
}
