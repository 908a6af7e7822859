import type { ProblemDetails } from '@yaolian/contract';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';

export type Part = 'body' | 'params' | 'querystring' | 'headers';

export type Checked = { readonly value: unknown } | { readonly mistakes: NonNullable<ProblemDetails['errors']> };

const names: Readonly<Record<Part, string>> = { body: 'body', params: 'path', querystring: 'query', headers: 'header' };
const mostMistakes = 20;

/**
 * Compiles the check of one part of a request. What comes as text in the URL is turned into the type that the schema wants;
 * a body is taken as it is. Defaults are filled in.
 */
export function compileCheck(schema: TSchema, part: Part): (value: unknown) => Checked {
  const validator = Compile(schema);
  return (given) => {
    const value = validator.Default(part === 'body' ? given : validator.Convert(given));
    if (validator.Check(value)) return { value };
    return { mistakes: describeMistakes(validator.Errors(value), part) };
  };
}

function describeMistakes(errors: readonly TLocalizedValidationError[], part: Part) {
  // A union says what each of its branches wants before it says that none fits: one sentence for all is enough.
  const unions = errors.filter((error) => error.keyword === 'anyOf');
  const told = errors.filter(
    (error) =>
      error.keyword !== 'boolean' &&
      !unions.some((union) => union !== error && error.schemaPath.startsWith(`${union.schemaPath}/anyOf/`)),
  );
  return told.slice(0, mostMistakes).map((error) => ({
    where: `${names[part]}${error.instancePath}`,
    message: describeMistake(error),
  }));
}

function describeMistake(error: TLocalizedValidationError): string {
  switch (error.keyword) {
    case 'enum':
      return `must be one of ${error.params.allowedValues.join(', ')}`;
    case 'required':
      return `${quoted(error.params.requiredProperties)} is missing`;
    case 'additionalProperties':
      return `${quoted(error.params.additionalProperties)} is not known here`;
    case 'anyOf':
      return 'has none of the forms that are possible here';
    case 'pattern':
      return `must match ${String(error.params.pattern)}`;
    default:
      return error.message;
  }
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
