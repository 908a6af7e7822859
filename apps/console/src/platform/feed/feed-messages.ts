/** What a page of this browser wants to hear of what the platform tells. */
export interface Want {
  /** Who signed in: who signs in next in this browser is told nothing on a stream of who was there before. */
  readonly whose: string;
  /** The path of the stream. */
  readonly path: string;
  /** Absent: everything of the stream. */
  readonly types?: readonly string[];
  /** A key or an endpoint name. Absent: all devices. */
  readonly device?: string;
  /** Of a stream of traces: what is recorded, as it is asked for. */
  readonly subject?: string;
}

/** All that a page wants, by numbers of its own: said when it changes, and now and then, for a page can go without a word. */
export interface FromPage {
  readonly wants: readonly (readonly [number: number, want: Want])[];
}

export type ToPage =
  /** The stream is open now, or no longer. */
  | { readonly kind: 'live'; readonly number: number; readonly isLive: boolean }
  /** The platform refused the stream. It is asked again later. */
  | { readonly kind: 'refused'; readonly number: number }
  /** What was told, as it came. */
  | { readonly kind: 'told'; readonly numbers: readonly number[]; readonly told: unknown };

/** Milliseconds after which a page that is there says again what it wants; browsers let pages that are not looked at do so once a minute. */
export const sayAgainEvery = 20_000;
/** Milliseconds after which a page that said nothing is gone. */
export const goneAfter = 150_000;
