import type { Config } from '../config/settings.ts';

/** What one account may have of each thing, and all together, where it is for {@link RaService} to hold. */
export function raBounds(config: Config) {
  return {
    watchers: { total: config['ra.max-observed'], perAccount: config['ra.max-observed-per-account'] },
    requests: { bookmarks: config['ra.max-bookmarks'], vendorDevices: config['ra.max-vendor-devices'] },
    speaking: { timeout: config['ra.answer-timeout'], maximumRequests: config['ra.max-asked'] },
    news: {
      maxCount: config['ra.max-news'],
      maxForFriends: config['ra.max-news-for-friends'],
      maxAge: config['ra.news-keep'],
    },
  };
}
