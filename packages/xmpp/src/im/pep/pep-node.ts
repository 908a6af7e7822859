import type { PubsubNode } from '../stores.ts';
import { defaultNodeOptions, type NodeOptions } from './node-options.ts';

/** XEP-0060 §4.1, without owner, publisher and none. */
export type NodeAffiliation = 'member' | 'outcast';

/** A node of an account with who is what to it. */
export interface PepNode {
  readonly name: string;
  readonly options: NodeOptions;
  /** By bare JID. */
  readonly affiliations: ReadonlyMap<string, NodeAffiliation>;
  /** JIDs that subscribed by themselves (XEP-0060 §6.1), besides contacts. */
  readonly subscribers: ReadonlySet<string>;
}

export function newNode(name: string, options: Partial<NodeOptions> = {}): PepNode {
  return { name, options: { ...defaultNodeOptions, ...options }, affiliations: new Map(), subscribers: new Set() };
}

/** Characters that a node takes without its items, about. */
export function nodeText({ name, options, affiliations, subscribers }: PepNode): number {
  const { title, description, type, roster_groups_allowed: groups } = options;
  let text = 200;
  for (const one of [name, title, description, type, ...groups, ...affiliations.keys(), ...subscribers]) {
    text += one.length + 20;
  }
  return text;
}

/** As stores keep it. */
export function keptNode({ name, options, affiliations, subscribers }: PepNode): PubsubNode {
  // Only what is not as it would be anyway.
  const changed = Object.entries(options).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(defaultNodeOptions[key as keyof NodeOptions]),
  );
  const state: KeptState = {
    options: Object.fromEntries(changed),
    affiliations: Object.fromEntries(affiliations),
    subscribers: [...subscribers],
  };
  return { name, state: JSON.stringify(state) };
}

interface KeptState {
  readonly options: Partial<NodeOptions>;
  readonly affiliations: Readonly<Record<string, NodeAffiliation>>;
  readonly subscribers: readonly string[];
}

export function readNode({ name, state }: PubsubNode): PepNode {
  const { options, affiliations, subscribers } = JSON.parse(state) as KeptState;
  return {
    ...newNode(name, options),
    affiliations: new Map(Object.entries(affiliations)),
    subscribers: new Set(subscribers),
  };
}
