import { Code, ContentFormat, type OutgoingRequest } from '@yaolian/coap';
import { type Duration, encodeUtf8, milliseconds, seconds } from '@yaolian/kernel';
import { formatObjectLinks, type RegisteredObject } from '../object-links.ts';
import type { Lwm2mClientOptions } from './client-options.ts';
import type { ObjectTree } from './object-tree.ts';
import { isCredentialsObject } from './objects/credentials.ts';
import type { Lwm2mVersion } from './operations/read.ts';

/** What a server is told about a terminal at Register. */
export interface RegistrationParameters {
  /** Seconds. */
  readonly lifetime: number;
  /** `U`, `UQ`. */
  readonly binding: string;
  readonly queueMode: boolean;
}

/** The object list of a Register (OMA-TS-LightweightM2M_Core 1.1 §6.2.1): everything but credentials. */
export function objectLinksOf(tree: ObjectTree, contentFormats: readonly number[]): string {
  return formatObjectLinks({ rootPath: [], contentFormats, objects: objectsOf(tree) });
}

export function objectsOf(tree: ObjectTree): ReadonlyMap<number, RegisteredObject> {
  const objects = new Map<number, RegisteredObject>();
  for (const id of tree.objectIds()) {
    if (isCredentialsObject(id)) continue;
    const { definition, instances } = tree.entry(id)!;
    // Rules of access are there when a terminal has several servers.
    if (id === 2 && instances.size === 0) continue;
    objects.set(id, {
      version: definition.version === '1.0' ? undefined : definition.version,
      instances: [...instances.keys()].sort((a, b) => a - b),
    });
  }
  return objects;
}

export function registerRequest(
  endpointName: string,
  version: Lwm2mVersion,
  parameters: RegistrationParameters,
  objectLinks: string,
  profile: { readonly id: string; readonly withList: boolean } | undefined,
): OutgoingRequest {
  const request = {
    method: Code.POST,
    path: ['rd'],
    query: [
      `ep=${endpointName}`,
      `lt=${parameters.lifetime}`,
      `lwm2m=${version}`,
      ...bindingQuery(parameters.binding, parameters.queueMode, version),
      ...(profile ? [`pid=${profile.id}`] : []),
    ],
  };
  // LwM2M 1.2 §6.2.1: the Profile ID stands for the list.
  if (profile && !profile.withList) return request;
  return { ...request, contentFormat: ContentFormat.LinkFormat, payload: encodeUtf8(objectLinks) };
}

/** @param changes only what is another value than at the last Register or Update (§6.2.2) */
export function updateRequest(
  location: readonly string[],
  version: Lwm2mVersion,
  changes: Partial<RegistrationParameters> & { readonly objectLinks?: string; readonly others?: readonly string[] },
): OutgoingRequest {
  const query: string[] = [];
  if (changes.lifetime !== undefined) query.push(`lt=${changes.lifetime}`);
  const { binding, queueMode = false } = changes;
  if (binding !== undefined) query.push(...bindingQuery(binding, queueMode, version));
  query.push(...(changes.others ?? []));
  const request = { method: Code.POST, path: location, query };
  if (changes.objectLinks === undefined) return request;
  return { ...request, contentFormat: ContentFormat.LinkFormat, payload: encodeUtf8(changes.objectLinks) };
}

// Since 1.1 queue mode is a parameter of its own; 1.0 has it in the binding.
function bindingQuery(binding: string, queueMode: boolean, version: Lwm2mVersion): string[] {
  const sleeps = queueMode || binding.includes('Q');
  const transports = binding.replace('Q', '');
  if (!sleeps) return [`b=${binding}`];
  return version === '1.0' ? [`b=${transports}Q`] : [`b=${transports}`, 'Q'];
}

/** How long after a Register or Update the next Update is due. */
export function updateDelay(
  lifetime: Duration,
  { updateLead = seconds(93), updateEvery }: Pick<Lwm2mClientOptions, 'updateLead' | 'updateEvery'>,
): Duration {
  const delay = lifetime > 2 * updateLead ? lifetime - updateLead : lifetime / 2;
  // The Server object of 1.1, resource 1: a lifetime of 0 has no end, and needs no Update.
  const due = lifetime === 0 ? Number.POSITIVE_INFINITY : delay;
  return milliseconds(Math.min(due, updateEvery ?? Number.MAX_SAFE_INTEGER));
}
