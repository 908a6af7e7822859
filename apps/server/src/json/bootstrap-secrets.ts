import { type FieldMistake, type JsonBootstrapWrite, mistakeAt } from '@yaolian/contract';
import { failure, type Result, success } from '@yaolian/kernel';

/** Passwords and keys of OMA's objects, by object, that a bootstrap may write; those of objects 0 and 21 go in the security of a server. */
const secrets: Readonly<Record<number, readonly number[]>> = {
  9: [15],
  11: [6],
  12: [17, 18, 21, 22, 23, 24, 25, 28],
  23: [2],
  24: [8],
  3405: [5],
  3412: [9],
  3447: [28],
  18830: [5, 9],
};

/** A write as it is told: without its secrets, which `hidden` names. */
export function withoutSecrets(write: JsonBootstrapWrite): JsonBootstrapWrite {
  const { value, values, resources, ...rest } = write;
  const secret = secretsOf(write);
  if (secret.length === 0) return structuredClone(write);
  const shown = Object.entries(resources ?? {}).filter(([id]) => !secret.includes(Number(id)));
  const hidden = isResource(write.path) ? secret : secret.filter((id) => Object.hasOwn(resources ?? {}, String(id)));
  return {
    ...rest,
    ...(resources && { resources: Object.fromEntries(shown) }),
    ...(hidden.length > 0 && { hidden: [...hidden] }),
  };
}

/**
 * A write as it is kept: what `hidden` names is what stood there before.
 * @param before the writes of the configuration that this one takes the place of
 * @param where of the write, for people: `body/writes/0`
 */
export function withSecrets(
  write: JsonBootstrapWrite,
  before: readonly JsonBootstrapWrite[],
  where: string,
): Result<JsonBootstrapWrite, FieldMistake> {
  const { hidden, ...whole } = write;
  if (hidden === undefined) return success(write);
  const known = before.find(({ path }) => path === write.path);
  if (isResource(write.path)) {
    if (known?.value === undefined && known?.values === undefined) return missing(where, write.path);
    const { value, values } = known;
    return success({ ...whole, ...(value !== undefined && { value }), ...(values !== undefined && { values }) });
  }
  const resources = { ...whole.resources };
  for (const id of hidden) {
    const stood = known?.resources?.[String(id)];
    if (resources[String(id)] !== undefined) continue;
    if (stood === undefined) return missing(where, `${write.path}/${id}`);
    resources[String(id)] = stood;
  }
  return success({ ...whole, resources });
}

function missing(where: string, path: string): Result<never, FieldMistake> {
  const message = `nothing is kept for ${path}: give its value`;
  return failure(mistakeAt(`${where}/hidden`, message, 'hidden-value-missing', { path }));
}

/** The resources that a write holds, or may hold, and that are secret. */
function secretsOf({ path }: JsonBootstrapWrite): readonly number[] {
  const [, object, , resource] = path.split('/').map(Number);
  const all = secrets[object!] ?? [];
  return resource === undefined ? all : all.filter((id) => id === resource);
}

function isResource(path: string): boolean {
  return path.split('/').length > 3;
}
