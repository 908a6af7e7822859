import { Code, ContentFormat, type OutgoingRequest } from '@yaolian/coap';
import { applyAttributes, checkAttributes, formatAttributeQuery, parseAttributeQuery } from '../attributes.ts';
import { encodePackPaths } from '../formats/index.ts';
import { type ObjectModel, objectAt } from '../model.ts';
import { type Lwm2mPath, pathSegments } from '../path.ts';
import type { ClientObservation } from './client-observation.ts';
import { lwm2mErrors } from './errors.ts';
import type { CompositeObserveOptions, ObserveOptions } from './operation-types.ts';
import type { ObservationRecord, Registration } from './registration.ts';

/** The query that carries the attributes of an Observe. @throws YaolianError LWM2M_WRONG_ATTRIBUTES */
export function observeQuery(
  { lwm2mVersion }: Registration,
  model: ObjectModel,
  paths: readonly Lwm2mPath[],
  { attributes, unchecked }: Pick<ObserveOptions, 'attributes' | 'unchecked'>,
): readonly string[] {
  if (attributes === undefined) return [];
  if (!unchecked && /^1\.[01](?:\.|$)/.test(lwm2mVersion)) {
    throw lwm2mErrors.LWM2M_WRONG_ATTRIBUTES(
      `an Observe carries attributes from LwM2M 1.2 on, and the client registered with ${lwm2mVersion}; write them instead`,
    );
  }
  const [path] = paths;
  const definition = path?.resourceId === undefined ? undefined : objectAt(model, path)?.resources.get(path.resourceId);
  const isResource = paths.length === 1 && path?.resourceId !== undefined;
  const unknown = attributes.edge === undefined ? 'float' : 'boolean';
  const checked = checkAttributes(attributes, isResource ? { type: definition?.type ?? unknown } : {});
  if (!checked.ok && !unchecked) throw lwm2mErrors.LWM2M_WRONG_ATTRIBUTES(checked.error.message);
  return formatAttributeQuery(attributes);
}

/** The request that an observation began with. @throws RangeError */
export function requestOf({ record, paths }: ClientObservation, rootPath: readonly string[]): OutgoingRequest {
  const { accept, composite } = record;
  const query = record.query === undefined ? {} : { query: record.query.split('&') };
  if (!composite) {
    const request = { method: Code.GET, path: [...rootPath, ...pathSegments(paths[0]!)], ...query };
    return accept === undefined ? request : { ...request, accept };
  }
  const contentFormat = accept ?? ContentFormat.SenmlCbor;
  const payload = encodePackPaths(contentFormat, paths);
  if (!payload.ok) throw new RangeError(payload.error.message);
  const format = { contentFormat, accept: contentFormat };
  return { method: Code.FETCH, path: rootPath, ...format, payload: payload.value, ...query };
}

/** What is to be observed again. */
export type Wanted = Pick<ObservationRecord, 'path' | 'accept' | 'composite' | 'query'>;

/** How it was observed before. */
export function optionsOf({ accept, query }: Wanted): CompositeObserveOptions {
  const changes = query === undefined ? undefined : parseAttributeQuery(query.split('&'));
  const attributes = changes?.ok ? { attributes: applyAttributes({}, changes.value) } : {};
  return { unchecked: true, ...attributes, ...(accept === undefined ? {} : { accept }) };
}
