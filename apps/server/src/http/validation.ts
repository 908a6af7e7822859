import { type FieldMistake, mistakeAt, patternMistake } from '@yaolian/contract';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';

export type Part = 'body' | 'params' | 'querystring' | 'headers';

export type Checked = { readonly value: unknown } | { readonly mistakes: readonly [FieldMistake, ...FieldMistake[]] };

const names: Readonly<Record<Part, string>> = { body: 'body', params: 'path', querystring: 'query', headers: 'header' };
const mostMistakes = 20;

/**
 * Compiles the check of one part of a request. What comes as text in the URL is turned into the type that the schema wants;
 * a body is taken as it is. Defaults are filled in.
 */
export function compileCheck(schema: TSchema, part: Part): (value: unknown) => Checked {
  const strict = part === 'querystring' ? knowingAll(schema) : schema;
  const validator = Compile(strict);
  return (given) => {
    const twice = part === 'querystring' ? repeated(given, schema) : undefined;
    if (twice !== undefined) return { mistakes: [twice] };
    const value = validator.Default(part === 'body' ? given : validator.Convert(given));
    if (validator.Check(value)) return { value };
    return { mistakes: describeMistakes(validator.Errors(value), part, strict) };
  };
}

/** As `schema`, and without what it does not name. What kind of schema it is stands in properties that are not enumerable. */
function knowingAll(schema: TSchema): TSchema {
  const all = Object.getOwnPropertyDescriptors(schema);
  return Object.defineProperties({ additionalProperties: false }, all) as unknown as TSchema;
}

/** A parameter that comes more than once where it is no list. */
function repeated(given: unknown, schema: TSchema): FieldMistake | undefined {
  const { properties = {} } = schema as { readonly properties?: Readonly<Record<string, TSchema>> };
  const isList = (name: string) => JSON.stringify(properties[name] ?? {}).includes('"array"');
  const name = Object.entries(given as object).find(([one, value]) => Array.isArray(value) && !isList(one))?.[0];
  return name === undefined || properties[name] === undefined
    ? undefined
    : mistakeAt(`query/${name}`, 'is given more than once', 'given-twice');
}

function describeMistakes(errors: readonly TLocalizedValidationError[], part: Part, schema: TSchema) {
  // A union says what each of its branches wants before it says that none fits: one sentence for all is enough.
  const unions = errors.filter((error) => error.keyword === 'anyOf');
  const meant = new Map<TLocalizedValidationError, string | undefined>();
  for (const union of unions) meant.set(union, meantBranch(union, errors));
  const told = errors.filter(
    (error) =>
      error.keyword !== 'boolean' &&
      meant.get(error) === undefined &&
      !unions.some(
        (union) =>
          union !== error &&
          error.schemaPath.startsWith(`${union.schemaPath}/anyOf/`) &&
          !error.schemaPath.startsWith(meant.get(union) ?? '#none'),
      ),
  );
  const [first, ...others] = told
    .slice(0, mostMistakes)
    .map((error) => mistakeOf(error, `${names[part]}${error.instancePath}`, schema));
  return [first ?? mistakeAt(names[part], 'is not right', 'field-unfit'), ...others] as const;
}

/**
 * The one branch of a union that has the type and the fixed values of what was given, so that what it wants tells more than that
 * none fits; undefined where there is no such branch, or more than one.
 */
function meantBranch(union: TLocalizedValidationError, errors: readonly TLocalizedValidationError[]) {
  const branches = new Map<string, boolean>();
  for (const { schemaPath, instancePath, keyword } of errors) {
    if (!schemaPath.startsWith(union.schemaPath)) continue;
    const below = schemaPath.slice(union.schemaPath.length);
    const branch = /^\/anyOf\/\d+(?=\/|$)/.exec(below)?.[0];
    if (branch === undefined) continue;
    // What a union in the branch says of its own branches rules nothing out.
    const isOwn = !below.slice(branch.length).includes('/anyOf/');
    const isOther = isOwn && (keyword === 'const' || (keyword === 'type' && instancePath === union.instancePath));
    branches.set(branch, (branches.get(branch) ?? true) && !isOther);
  }
  const fitting = [...branches].filter(([, fits]) => fits);
  return fitting.length === 1 ? `${union.schemaPath}${fitting[0]![0]}` : undefined;
}

function mistakeOf(error: TLocalizedValidationError, where: string, schema: TSchema): FieldMistake {
  switch (error.keyword) {
    case 'enum': {
      const values = error.params.allowedValues.join(', ');
      return mistakeAt(where, `must be one of ${values}`, 'not-one-of', { values });
    }
    case 'const': {
      const values = String(error.params.allowedValue);
      return mistakeAt(where, `must be ${values}`, 'not-one-of', { values });
    }
    case 'required': {
      const missing = quoted(error.params.requiredProperties);
      return mistakeAt(where, `${missing} ${isOrAre(error.params.requiredProperties)} missing`, 'names-missing', {
        names: missing,
      });
    }
    case 'additionalProperties': {
      const unknown = quoted(error.params.additionalProperties);
      const known = namesAt(schema, error.schemaPath);
      const right = known.length === 0 ? '' : `; known are ${known.join(', ')}`;
      return mistakeAt(
        where,
        `${unknown} ${isOrAre(error.params.additionalProperties)} not known here${right}`,
        'names-unknown',
        { names: unknown },
      );
    }
    case 'anyOf':
      return mistakeAt(where, 'has none of the forms that are possible here', 'no-form-fits');
    case 'pattern':
      return patternMistake(String(error.params.pattern), where);
    case 'type': {
      const { type } = error.params;
      return mistakeAt(where, error.message, 'wrong-type', { type: typeof type === 'string' ? type : type.join(', ') });
    }
    case 'format':
      return mistakeAt(where, error.message, 'wrong-format', { format: error.params.format });
    default:
      return limitMistake(error, where);
  }
}

const limits = {
  minLength: 'too-short',
  maxLength: 'too-long',
  minimum: 'too-small',
  exclusiveMinimum: 'not-above',
  maximum: 'too-large',
  minItems: 'too-few',
  minProperties: 'too-few',
  maxItems: 'too-many',
  maxProperties: 'too-many',
} as const;

function limitMistake({ keyword, params, message }: TLocalizedValidationError, where: string): FieldMistake {
  const reason = (limits as Partial<Record<string, (typeof limits)[keyof typeof limits]>>)[keyword];
  if (reason === undefined) return mistakeAt(where, message, 'field-unfit');
  return mistakeAt(where, message, reason, { limit: (params as { readonly limit: number }).limit });
}

/** The names that the schema has at a place in it, a JSON pointer behind `#`. */
function namesAt(schema: TSchema, pointer: string): readonly string[] {
  let at: unknown = schema;
  for (const step of pointer.split('/').slice(1)) {
    at = (at as Readonly<Record<string, unknown>> | undefined)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return Object.keys((at as { readonly properties?: object } | undefined)?.properties ?? {});
}

function isOrAre(names: readonly string[]): string {
  return names.length === 1 ? 'is' : 'are';
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
