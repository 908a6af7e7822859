import type { HomeNews, HomeNewsBounds, HomeNewsStore, NewsSpan } from '../ra/home-news.ts';

type Kept = HomeNews & { readonly key: string | undefined };

/** What users are told, in memory, for tests. */
export class MemoryHomeNewsStore implements HomeNewsStore {
  readonly #news = new Map<string, readonly Kept[]>();
  readonly #read = new Map<string, number>();
  #last = 0;

  async addNews(
    account: string,
    news: { readonly key: string | undefined; readonly time: number; readonly event: string },
    { count, since }: HomeNewsBounds,
  ): Promise<number | undefined> {
    const own = this.#news.get(account) ?? [];
    if (news.key !== undefined && own.some(({ key }) => key === news.key)) return undefined;
    const number = ++this.#last;
    const all = [{ ...news, number }, ...own].slice(0, count);
    this.#news.set(
      account,
      all.filter(({ time }) => time >= since),
    );
    return number;
  }

  addNewsForFriends(
    account: string,
    news: { readonly key: string; readonly time: number; readonly event: string },
    bounds: HomeNewsBounds,
  ): Promise<number | undefined> {
    return this.addNews(`${account}/friends`, news, bounds);
  }

  async newsOf(
    account: string,
    { before = Number.POSITIVE_INFINITY, limit, ...span }: NewsSpan & { before?: number | undefined; limit: number },
  ): Promise<readonly HomeNews[]> {
    const seen = this.#seen(account, span).filter(({ number }) => number < before);
    return seen.slice(0, limit).map(({ number, time, event }) => ({ number, time, event }));
  }

  async countUnread(account: string, span: NewsSpan): Promise<number> {
    const read = this.#read.get(account) ?? 0;
    return this.#seen(account, span).filter(({ number }) => number > read).length;
  }

  async readNews(account: string, upTo: number): Promise<void> {
    this.#read.set(account, Math.max(Math.min(upTo, this.#last), this.#read.get(account) ?? 0));
  }

  async removeNews(account: string): Promise<void> {
    this.#news.delete(account);
    this.#news.delete(`${account}/friends`);
    this.#read.delete(account);
  }

  #seen(account: string, { since, friendOf = [] }: NewsSpan): readonly Kept[] {
    const own = this.#news.get(account) ?? [];
    const byKey = new Map<string, Kept>();
    for (const { user, since: friendsSince } of friendOf) {
      for (const one of this.#news.get(`${user}/friends`) ?? []) {
        const other = byKey.get(one.key!);
        const isFirst = other === undefined || one.number < other.number;
        if (isFirst && one.time >= friendsSince && !own.some(({ key }) => key === one.key)) byKey.set(one.key!, one);
      }
    }
    const all = [...own, ...byKey.values()].filter(({ time }) => time >= since);
    return all.sort((a, b) => b.number - a.number);
  }
}
