/** What `packaging/` and `npm start` give Node: a test holds them together. */
export const platformArgs: readonly string[] = ['--max-semi-space-size=64'];
