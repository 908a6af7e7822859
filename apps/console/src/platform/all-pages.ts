interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** All of a list that is short mostly: for choices, where a page would hide some. */
export async function allPages<T>(load: (query: { readonly cursor?: string }) => Promise<Page<T>>) {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<T> = await load(cursor === undefined ? {} : { cursor });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return { items };
}
