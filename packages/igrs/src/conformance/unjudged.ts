/** Nothing can be said of the client: what the case needs was not there, or nothing came. */
export class Inconclusive extends Error {
  override readonly name = 'Inconclusive';
}

/** The case is not about this client: it does not have what is judged, or the tester left it out. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
}

/** @throws Inconclusive with `sentence` unless it holds */
export function needs(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Inconclusive(sentence);
}

/** @throws NotApplicable with `sentence` unless it holds */
export function applies(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new NotApplicable(sentence);
}
