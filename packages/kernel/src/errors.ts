/** Every error that Yaolian throws on purpose: `code` is stable and listed in its package's catalogue. */
export class YaolianError<Code extends string = string> extends Error {
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'YaolianError';
    this.code = code;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the catalogue's own arguments type the factory
type Messages = Record<string, (...details: any[]) => string>;

export type ErrorCatalogue<M extends Messages> = {
  readonly [Code in keyof M & string]: (...details: [...Parameters<M[Code]>, cause?: unknown]) => YaolianError<Code>;
};

/**
 * Turns `{ CODE: (detail) => message }` into factories of {@link YaolianError}: `catalogue.CODE(detail)`, or
 * `catalogue.CODE(detail, cause)`.
 */
export function errorCatalogue<const M extends Messages>(messages: M): ErrorCatalogue<M> {
  const catalogue: Record<string, unknown> = {};
  for (const [code, message] of Object.entries(messages)) {
    catalogue[code] = (...details: unknown[]) => {
      const cause = details.length > message.length ? details[message.length] : undefined;
      return new YaolianError(code, message(...details), cause === undefined ? undefined : { cause });
    };
  }
  return catalogue as ErrorCatalogue<M>;
}

/** True when `error` carries `code`, whichever package threw it. */
export function hasCode<const Code extends string>(
  error: unknown,
  code: Code,
): error is Error & { readonly code: Code } {
  return error instanceof Error && (error as { code?: unknown }).code === code;
}
