import { type Lwm2mNode, nodeValues, type ObjectNode } from '../../node.ts';
import type { Lwm2mPath } from '../../path.ts';
import type { SoftwareView } from './software-plan.ts';

/** The object that an update goes through, and its resources. */
export interface UpdateTarget {
  readonly objectId: number;
  /** What is read of it. */
  readonly place: string;
  /** What puts the package in use. */
  readonly action: string;
  readonly resources: {
    readonly package: number;
    readonly uri: number;
    /** Update, or Install. */
    readonly execute: number;
    /** Told by notifications. */
    readonly observed: readonly number[];
  };
}

export const firmwareTarget: UpdateTarget = {
  objectId: 5,
  place: '/5/0',
  action: 'Update',
  resources: { package: 0, uri: 1, execute: 2, observed: [3, 5] },
};

export const softwareTarget: UpdateTarget = {
  objectId: 9,
  place: '/9',
  action: 'Install',
  resources: { package: 2, uri: 3, execute: 4, observed: [7, 9, 12] },
};

export const SoftwareResource = {
  Name: 0,
  Version: 1,
  Uninstall: 6,
  State: 7,
  Result: 9,
  Activate: 10,
  Active: 12,
} as const;

/** The values of an object instance by their resource ids: all that a resource has. */
export function valuesById(path: Lwm2mPath, node: Lwm2mNode): ReadonlyMap<number, readonly unknown[]> {
  const values = new Map<number, unknown[]>();
  for (const { path: at, value } of nodeValues(path, node)) {
    values.set(at.resourceId!, [...(values.get(at.resourceId!) ?? []), value]);
  }
  return values;
}

/**
 * The instance of object 9 that a software component is in, or that is free to take it; undefined when there is none.
 * @param known the one that the job is in already
 */
export function softwareInstance(node: ObjectNode, name: string, known: number | undefined): number | undefined {
  if (known !== undefined && node.instances.has(known)) return known;
  let free: number | undefined;
  for (const instance of node.instances.values()) {
    const values = valuesById({ objectId: 9, objectInstanceId: instance.id }, instance);
    const own = values.get(SoftwareResource.Name)?.[0] ?? '';
    if (own === name) return instance.id;
    if (own === '' && Number(values.get(SoftwareResource.State)?.[0] ?? 0) === 0) free ??= instance.id;
  }
  return free;
}

export function softwareView(values: ReadonlyMap<number, readonly unknown[]>): SoftwareView {
  const number = (id: number) => Number(values.get(id)?.[0] ?? 0);
  const version = values.get(SoftwareResource.Version)?.[0];
  return {
    state: number(SoftwareResource.State),
    result: number(SoftwareResource.Result),
    version: typeof version === 'string' && version !== '' ? version : undefined,
    active: values.get(SoftwareResource.Active)?.[0] === true,
  };
}
