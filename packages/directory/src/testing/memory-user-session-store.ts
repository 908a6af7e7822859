import type { UserSession, UserSessionStore } from '../ra/user-session.ts';

/** Sessions of users in memory, for tests. */
export class MemoryUserSessionStore implements UserSessionStore {
  #sessions: UserSession[] = [];

  async userSession(id: string): Promise<UserSession | undefined> {
    return this.#sessions.find((one) => one.id === id);
  }

  async addUserSession(session: UserSession, max: number): Promise<void> {
    this.#sessions.push(session);
    const own = this.#sessions.filter(({ account }) => account === session.account);
    const gone = new Set(own.toSorted((a, b) => b.createdAt - a.createdAt).slice(max));
    this.#sessions = this.#sessions.filter((one) => !gone.has(one));
  }

  async removeUserSession(id: string): Promise<boolean> {
    return this.#remove((one) => one.id === id) > 0;
  }

  async removeUserSessions(account: string): Promise<number> {
    return this.#remove((one) => one.account === account);
  }

  async removeExpiredUserSessions(now: number): Promise<number> {
    return this.#remove(({ expiresAt }) => expiresAt <= now);
  }

  #remove(goes: (session: UserSession) => boolean): number {
    const before = this.#sessions.length;
    this.#sessions = this.#sessions.filter((one) => !goes(one));
    return before - this.#sessions.length;
  }
}
