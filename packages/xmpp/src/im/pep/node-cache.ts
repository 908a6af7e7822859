import type { PepNode } from './pep-node.ts';
import { nodeText } from './pep-node.ts';

/** Nodes of an account by name. */
export type Nodes = ReadonlyMap<string, PepNode>;

/** What an account takes besides its nodes, in characters, about. */
const ofAccount = 500;

/** Nodes of the accounts that were asked for last: as many as have no more characters than a bound, and the last one in any case. */
export class NodeCache {
  readonly #maximum: number;
  /** The one that was not asked for longest comes first. */
  readonly #accounts = new Map<string, { readonly nodes: Nodes; readonly size: number }>();
  #size = 0;

  /** @param maximum characters */
  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  get(account: string): Nodes | undefined {
    const known = this.#accounts.get(account);
    if (known === undefined) return undefined;
    this.#accounts.delete(account);
    this.#accounts.set(account, known);
    return known.nodes;
  }

  set(account: string, nodes: Nodes): void {
    this.delete(account);
    const size = ofAccount + textOfNodes(nodes);
    this.#accounts.set(account, { nodes, size });
    this.#size += size;
    for (const other of this.#accounts.keys()) {
      if (this.#size <= this.#maximum || other === account) return;
      this.delete(other);
    }
  }

  delete(account: string): void {
    this.#size -= this.#accounts.get(account)?.size ?? 0;
    this.#accounts.delete(account);
  }
}

/** Characters of all nodes of an account, without items. */
export function textOfNodes(nodes: Nodes): number {
  let size = 0;
  for (const node of nodes.values()) size += nodeText(node);
  return size;
}
