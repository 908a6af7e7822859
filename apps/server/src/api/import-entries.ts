import type { JsonImportResult, Problem } from '@yaolian/contract';
import type { TSchema } from 'typebox';
import { Refusal, unfit } from '../http/refusal.ts';
import { compileCheck } from '../http/validation.ts';

type Refused = JsonImportResult['refused'][number];

/** Entries of an import that can be taken, with their places in the request, and why the others cannot. */
export interface ReadEntries<T> {
  readonly read: readonly { readonly index: number; readonly value: T }[];
  readonly refused: readonly Refused[];
}

/**
 * Reads entries one by one: each has to fit `schema`, and `read` has to take it.
 * @param read throws a Refusal for what it does not take
 */
export function entryReader<Entry, T>(schema: TSchema, read: (entry: Entry) => T) {
  const check = compileCheck(schema, 'body');
  const readOne = (entry: unknown): T => {
    const checked = check(entry);
    if ('mistakes' in checked) throw unfit('invalid-request', checked.mistakes);
    return read(checked.value as Entry);
  };
  return (entries: readonly unknown[]): ReadEntries<T> => {
    const taken: { index: number; value: T }[] = [];
    const refused: Refused[] = [];
    for (const [index, entry] of entries.entries()) {
      try {
        taken.push({ index, value: readOne(entry) });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused.push(refusedEntry(index, error.problem));
      }
    }
    return { read: taken, refused };
  };
}

/** A refused entry: the field that is wrong says more than the problem as a whole. */
export function refusedEntry(index: number, { code, detail, reason, params, errors }: Problem): Refused {
  const [field] = errors ?? [];
  if (field === undefined)
    return { index, code, message: detail, ...(reason && { reason }), ...(params && { params }) };
  const { where, ...why } = field;
  const name = where.replace(/^body\/?\.?/, '').replaceAll('/', '.');
  return { index, code, ...(name !== '' && { where: name }), ...why };
}
