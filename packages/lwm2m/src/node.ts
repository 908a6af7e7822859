import type { ResourceType, ResourceValue } from './value.ts';

/** A resource with one value. */
export interface SingleResourceNode {
  readonly kind: 'resource';
  readonly id: number;
  readonly type: ResourceType;
  readonly value: ResourceValue;
}

/** A resource with instances. */
export interface MultipleResourceNode {
  readonly kind: 'multiple-resource';
  readonly id: number;
  readonly type: ResourceType;
  readonly values: ReadonlyMap<number, ResourceValue>;
}

export type ResourceNode = SingleResourceNode | MultipleResourceNode;

export interface ResourceInstanceNode {
  readonly kind: 'resource-instance';
  readonly id: number;
  readonly type: ResourceType;
  readonly value: ResourceValue;
}

export interface ObjectInstanceNode {
  readonly kind: 'object-instance';
  readonly id: number;
  readonly resources: ReadonlyMap<number, ResourceNode>;
}

export interface ObjectNode {
  readonly kind: 'object';
  readonly id: number;
  readonly instances: ReadonlyMap<number, ObjectInstanceNode>;
}

/** What a path addresses, with values: what Read answers and Write and Create carry. */
export type Lwm2mNode = ObjectNode | ObjectInstanceNode | ResourceNode | ResourceInstanceNode;
