import type { Operator, OperatorStore, Role, StoredToken, TokenQuery } from '../operator.ts';
import { compareKeys, pageOf } from './key-order.ts';

/** An {@link OperatorStore} that lives as long as the process: for tests and simulations. */
export class MemoryOperatorStore implements OperatorStore {
  readonly #operators = new Map<string, Operator>();
  readonly #tokens = new Map<string, StoredToken>();

  async operator(name: string): Promise<Operator | undefined> {
    return this.#operators.get(name);
  }

  async operators(): Promise<readonly Operator[]> {
    return [...this.#operators.values()].sort((a, b) => compareKeys(a.name, b.name));
  }

  async addOperator(operator: Operator): Promise<boolean> {
    if (this.#operators.has(operator.name)) return false;
    this.#operators.set(operator.name, { ...operator });
    return true;
  }

  async setPassword(name: string, passwordHash: string, time: number): Promise<boolean> {
    const operator = this.#operators.get(name);
    if (operator === undefined) return false;
    this.#operators.set(name, { ...operator, passwordHash, passwordChangedAt: time });
    return true;
  }

  async setRole(name: string, role: Role): Promise<boolean> {
    const operator = this.#operators.get(name);
    const others = [...this.#operators.values()].filter((one) => one.name !== name);
    if (operator === undefined || (role !== 'admin' && !others.some((one) => one.role === 'admin'))) return false;
    this.#operators.set(name, { ...operator, role });
    return true;
  }

  async removeOperator(name: string): Promise<boolean> {
    this.#removeTokens((token) => token.operator === name);
    return this.#operators.delete(name);
  }

  async token(id: string): Promise<StoredToken | undefined> {
    return this.#tokens.get(id);
  }

  async tokens(query: TokenQuery): Promise<readonly StoredToken[]> {
    return pageOf(this.#tokens.values(), (token) => token.id, query);
  }

  async addToken(token: StoredToken): Promise<boolean> {
    if (!this.#operators.has(token.operator) || this.#tokens.has(token.id)) return false;
    this.#tokens.set(token.id, { ...token, secretDigest: token.secretDigest.slice() });
    return true;
  }

  async trimSessions(operator: string, most: number): Promise<number> {
    const sessions = [...this.#tokens.values()].filter((one) => one.kind === 'session' && one.operator === operator);
    const gone = sessions.sort((a, b) => b.createdAt - a.createdAt).slice(most);
    for (const { id } of gone) this.#tokens.delete(id);
    return gone.length;
  }

  async touchToken(id: string, time: number): Promise<void> {
    const token = this.#tokens.get(id);
    if (token !== undefined) this.#tokens.set(id, { ...token, lastUsedAt: time });
  }

  async removeToken(id: string): Promise<boolean> {
    return this.#tokens.delete(id);
  }

  async removeSessions(operator: string, exceptId: string | undefined): Promise<number> {
    return this.#removeTokens(
      (token) => token.operator === operator && token.kind === 'session' && token.id !== exceptId,
    );
  }

  async removeExpiredTokens(now: number): Promise<number> {
    return this.#removeTokens((token) => token.expiresAt !== undefined && token.expiresAt <= now);
  }

  #removeTokens(matches: (token: StoredToken) => boolean): number {
    const doomed = [...this.#tokens.values()].filter(matches);
    for (const token of doomed) this.#tokens.delete(token.id);
    return doomed.length;
  }
}
