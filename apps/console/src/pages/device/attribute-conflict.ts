import type { TextKey } from '../../catalogue/index.ts';

/** Why attributes do not agree with each other, and what to call those that do not. */
export interface AttributeConflict {
  readonly problem: TextKey;
  readonly one: string;
  readonly other: string;
}

type Numbers = Readonly<Record<string, number | undefined>>;

/**
 * What would be wrong with the attributes that a resource has afterwards (LwM2M Core 1.1 §7.3.2, table 7.3.2-1): periods that are longer at
 * least than at most (a most of 0 is none), a range without a middle, a step that does not fit into it.
 */
export function attributeConflict(attributes: Numbers): AttributeConflict | undefined {
  for (const [one, other] of [
    ['pmin', 'pmax'],
    ['epmin', 'epmax'],
  ] as const) {
    const [least, most] = [attributes[one], attributes[other]];
    if (least !== undefined && most && least > most) return { problem: 'attributes.conflict.above', one, other };
  }
  const { lt, gt, st = 0 } = attributes;
  if (lt === undefined || gt === undefined) return undefined;
  if (lt >= gt) return { problem: 'attributes.conflict.below', one: 'lt', other: 'gt' };
  return lt + 2 * st >= gt ? { problem: 'attributes.conflict.below', one: 'lt + 2 × st', other: 'gt' } : undefined;
}
