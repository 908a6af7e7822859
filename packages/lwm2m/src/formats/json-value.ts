/**
 * A JSON value with nothing lost: whole numbers beyond 2^53 are bigints, objects are maps in the order of the text.
 */
export type StrictJson = null | boolean | string | number | bigint | readonly StrictJson[] | StrictJsonObject;

export type StrictJsonObject = ReadonlyMap<string, StrictJson>;

export interface StrictJsonError {
  readonly reason: 'malformed' | 'too-large';
  /** What is wrong and what was expected. */
  readonly message: string;
  /** In bytes. */
  readonly offset: number;
}

export interface StrictJsonLimits {
  readonly maximumDepth: number;
  /** Values on all levels together. */
  readonly maximumValues: number;
}
