import { Code } from '@yaolian/coap';
import { BinaryAppDataContainer } from '@yaolian/lwm2m-objects/core-references';
import { type DeclaredInstance, type InstanceHooks, type InstanceOptions, instance } from '../object-instance.ts';
import { type CreatableObject, creatable } from '../object-tree.ts';
import { refuse } from '../refusal.ts';
import type { InstanceValues } from '../typed-values.ts';

export type BinaryAppDataContainerInstance = DeclaredInstance<typeof BinaryAppDataContainer>;

/** Takes what a server wrote to Data: all of it, by resource instance. */
export type TakeData = (
  data: ReadonlyMap<number, Uint8Array>,
  self: BinaryAppDataContainerInstance,
) => ReturnType<NonNullable<NonNullable<InstanceHooks<typeof BinaryAppDataContainer>['onWrite']>['data']>>;

function hooksOf(takeData: TakeData | undefined): InstanceHooks<typeof BinaryAppDataContainer> {
  return {
    onWrite: {
      ...(takeData && { data: takeData }),
      dataPriority: (value) => whole('a priority', value, 254),
      appId: (value) => whole('an App ID', value, 65_535),
    },
  };
}

function whole(what: string, value: number | bigint, largest: number) {
  if (value < 0 || value > largest) return refuse(Code.BadRequest, `${what} is 0 to ${largest}, not ${value}`);
}

/** A BinaryAppDataContainer (19): bytes that applications on both sides understand. */
export function binaryAppDataContainer(
  values: InstanceValues<typeof BinaryAppDataContainer> = {},
  options: InstanceOptions<typeof BinaryAppDataContainer> & { readonly takeData?: TakeData } = {},
): BinaryAppDataContainerInstance {
  const { takeData, ...rest } = options;
  return instance(BinaryAppDataContainer, { data: [], ...values }, { ...hooksOf(takeData), ...rest });
}

/** Lets servers create and delete BinaryAppDataContainers. */
export function binaryAppDataContainers(
  options: { readonly maximumInstances?: number; readonly takeData?: TakeData } = {},
): CreatableObject {
  return creatable(BinaryAppDataContainer, { ...options, hooks: hooksOf(options.takeData) });
}
