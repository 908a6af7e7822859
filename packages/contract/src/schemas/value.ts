import { type Static, Type } from 'typebox';

export const resourceTypes = [
  'string',
  'integer',
  'unsigned',
  'float',
  'boolean',
  'opaque',
  'time',
  'objlnk',
  'corelnk',
  'none',
] as const;

export const ResourceTypeSchema = Type.Enum([...resourceTypes]);

/**
 * How each LwM2M type is written as JSON. Only objlnk and opaque would be ambiguous otherwise, so they are texts.
 * string, corelnk: string; integer, unsigned: number, or a string of digits beyond 2^53; float: number, or `NaN`,
 * `Infinity`, `-Infinity`; boolean; opaque: base64 (RFC 4648 §4); time: RFC 3339; objlnk: `3:0`.
 */
export const ValueSchema = Type.Union([Type.String(), Type.Number(), Type.Boolean()], {
  title: 'Value',
  description:
    'string, corelnk: a string. integer, unsigned: a number, or a string of digits beyond 2^53. float: a number, or ' +
    '"NaN", "Infinity", "-Infinity". boolean: true or false. opaque: base64. time: RFC 3339. objlnk: "object:instance".',
});

export type JsonValue = Static<typeof ValueSchema>;

/** Resource instances by id: `{ "0": 12, "1": 13 }`. */
export const ValuesSchema = Type.Record(Type.String({ pattern: '^\\d{1,5}$' }), ValueSchema, {
  description: 'Resource instances by id',
});

const facts = {
  path: Type.String({ examples: ['/3/0/13'] }),
  id: Type.Integer(),
  name: Type.Optional(Type.String({ description: 'From the object model; absent when it does not know the id' })),
};

const valued = {
  ...facts,
  type: ResourceTypeSchema,
  units: Type.Optional(Type.String({ examples: ['Cel'] })),
};

export const SingleResourceSchema = Type.Object({
  kind: Type.Literal('resource'),
  ...valued,
  value: ValueSchema,
});

export const MultipleResourceSchema = Type.Object({
  kind: Type.Literal('multiple-resource'),
  ...valued,
  values: ValuesSchema,
});

export const ResourceInstanceSchema = Type.Object({
  kind: Type.Literal('resource-instance'),
  ...valued,
  value: ValueSchema,
});

export const ObjectInstanceSchema = Type.Object({
  kind: Type.Literal('object-instance'),
  ...facts,
  resources: Type.Array(Type.Union([SingleResourceSchema, MultipleResourceSchema])),
});

export const ObjectValuesSchema = Type.Object({
  kind: Type.Literal('object'),
  ...facts,
  instances: Type.Array(ObjectInstanceSchema),
});

/** What a path addresses, with values, names and units. */
export const NodeSchema = Type.Union(
  [ObjectValuesSchema, ObjectInstanceSchema, SingleResourceSchema, MultipleResourceSchema, ResourceInstanceSchema],
  { title: 'Node' },
);

export type JsonNode = Static<typeof NodeSchema>;
export type JsonObject = Static<typeof ObjectValuesSchema>;
export type JsonObjectInstance = Static<typeof ObjectInstanceSchema>;
export type JsonResource = Static<typeof SingleResourceSchema> | Static<typeof MultipleResourceSchema>;
