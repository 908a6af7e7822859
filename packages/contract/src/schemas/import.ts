import { type Static, type TSchema, Type } from 'typebox';

/** So many entries are in one request at most. */
export const maxImportEntries = 1000;

/** The body of an import: entries that are checked one by one, so that what is wrong with one refuses it alone. */
export function importOf<S extends TSchema>(entry: S, title: string) {
  // The second branch lets everything through to the check of each entry; the first one is its documentation.
  const any = Type.Unsafe<Static<S>>(Type.Union([entry, Type.Unknown()]));
  return Type.Object(
    { entries: Type.Array(any, { minItems: 1, maxItems: maxImportEntries }) },
    { title, additionalProperties: false },
  );
}

export const ImportResultSchema = Type.Object(
  {
    added: Type.Integer({ description: 'How many are new' }),
    unchanged: Type.Array(Type.Integer(), { description: 'Places, from 0, of entries that were there already' }),
    refused: Type.Array(
      Type.Object({
        index: Type.Integer({ description: 'The place in the request, from 0' }),
        code: Type.String({ description: 'That of the problem that this entry alone would be refused with' }),
        where: Type.Optional(Type.String({ description: 'The field that is wrong' })),
        message: Type.String(),
        reason: Type.Optional(Type.String({ description: 'Stable; why' })),
        params: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
      }),
    ),
  },
  { title: 'ImportResult' },
);

export type JsonImportResult = Static<typeof ImportResultSchema>;
