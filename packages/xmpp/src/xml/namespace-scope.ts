import { xmlNamespace } from './element.ts';

const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/';

/** The prefixes in force at a place of a document: those that an element declares, and behind them those around it. */
export class NamespaceScope {
  readonly #prefix: string;
  readonly #namespace: string;
  readonly #around: NamespaceScope | undefined;

  constructor(prefix: string, namespace: string, around: NamespaceScope | undefined) {
    this.#prefix = prefix;
    this.#namespace = namespace;
    this.#around = around;
  }

  /** A scope of several prefixes. */
  static of(prefixes: Iterable<readonly [prefix: string, namespace: string]>): NamespaceScope | undefined {
    let scope: NamespaceScope | undefined;
    for (const [prefix, namespace] of prefixes) scope = new NamespaceScope(prefix, namespace, scope);
    return scope;
  }

  /** The namespace of a prefix; undefined when nobody declared it. */
  static find(scope: NamespaceScope | undefined, prefix: string): string | undefined {
    for (let at = scope; at !== undefined; at = at.#around) if (at.#prefix === prefix) return at.#namespace;
    return prefix === 'xml' ? xmlNamespace : undefined;
  }
}

/** Namespaces in XML §2.2, §3: whether a declaration leaves the reserved names alone. @param prefix '' for the default namespace */
export function mayDeclare(prefix: string, namespace: string): boolean {
  if (prefix === 'xml') return namespace === xmlNamespace;
  if (prefix === 'xmlns' || namespace === xmlNamespace || namespace === xmlnsNamespace) return false;
  return prefix === '' || namespace !== '';
}
