import type { HomeNews, HomeNewsBounds, HomeNewsStore } from '../ra/home-news.ts';

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

  async newsOf(
    account: string,
    { before = Number.POSITIVE_INFINITY, since, limit }: { before?: number | undefined; since: number; limit: number },
  ): Promise<readonly HomeNews[]> {
    const own = (this.#news.get(account) ?? []).filter(({ number, time }) => number < before && time >= since);
    return own.slice(0, limit).map(({ number, time, event }) => ({ number, time, event }));
  }

  async countUnread(account: string, since: number): Promise<number> {
    const read = this.#read.get(account) ?? 0;
    return (this.#news.get(account) ?? []).filter(({ number, time }) => number > read && time >= since).length;
  }

  async readNews(account: string, upTo: number): Promise<void> {
    const newest = Math.min(upTo, this.#news.get(account)?.[0]?.number ?? 0);
    this.#read.set(account, Math.max(newest, this.#read.get(account) ?? 0));
  }

  async removeNews(account: string): Promise<void> {
    this.#news.delete(account);
    this.#read.delete(account);
  }
}
