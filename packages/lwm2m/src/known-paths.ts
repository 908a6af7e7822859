import type { Lwm2mPath } from './path.ts';

/** Paths that are kept at most. Terminals of one kind name some hundred. */
const most = 8_192;

const byText = new Map<string, Lwm2mPath>();
const texts = new Map<Lwm2mPath, string>();

/*
 * The paths that were read, and their texts, because the same few come again and again: with every notification, record and
 * request. When there are too many, all are forgotten, so that nobody can make them grow.
 */

export function knownPath(text: string): Lwm2mPath | undefined {
  return byText.get(text);
}

/** The text of a path that {@link knownPath} gave. */
export function knownText(path: Lwm2mPath): string | undefined {
  return texts.get(path);
}

/** @param text as it is written everywhere, with the slash in front */
export function rememberPath(text: string, path: Lwm2mPath): void {
  if (byText.size >= most) {
    byText.clear();
    texts.clear();
  }
  byText.set(text, path);
  texts.set(path, text);
}
