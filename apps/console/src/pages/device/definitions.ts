import { type JsonObjectDefinition, routes } from '@yaolian/contract';
import { useLoad } from '../../platform/load.ts';
import { call, isProblem } from '../../platform/session.ts';

const known = new Map<string, Promise<JsonObjectDefinition | undefined>>();

/** Asks again from now on: definitions were added or removed. */
export function forgetDefinitions(): void {
  known.clear();
}

/** The definition of an object, asked for once. Undefined when the platform has none. */
function definitionOf(id: number, version: string | undefined): Promise<JsonObjectDefinition | undefined> {
  const name = `${id} ${version ?? ''}`;
  const found = known.get(name) ?? ask(id, version);
  known.set(name, found);
  found.catch(() => known.delete(name));
  return found;
}

async function ask(id: number, version: string | undefined): Promise<JsonObjectDefinition | undefined> {
  try {
    return await call(routes.showObject, { params: { id }, query: version === undefined ? {} : { version } });
  } catch (error) {
    if (!isProblem(error, 'not-found')) throw error;
    return version === undefined ? undefined : ask(id, undefined);
  }
}

/** @param isWanted it is not asked for before */
export function useDefinition(id: number, version: string | undefined, isWanted: boolean) {
  return useLoad(async () => (isWanted ? definitionOf(id, version) : undefined), [id, version, isWanted]);
}
