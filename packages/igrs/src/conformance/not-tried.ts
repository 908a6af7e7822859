/** A case that could not be tried: what it needs is not there, or the tester left it out. */
export class NotTried extends Error {
  override readonly name = 'NotTried';
}

/** @throws NotTried with `sentence` unless it holds */
export function needs(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new NotTried(sentence);
}
