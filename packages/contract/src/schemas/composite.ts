import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';
import { WriteBodySchema } from './operation.ts';
import { NodeSchema } from './value.ts';

/** Names of the formats that several paths travel in. */
export const packFormats = ['senml-json', 'senml-cbor', 'lwm2m-cbor'] as const;

export const PackFormatSchema = Type.Enum([...packFormats], {
  description: 'The format used with the device; absent: the platform chooses',
});

const ids = '\\d{1,5}(?:/\\d{1,5}){0,3}';
/** Behind a gateway: a prefix before the ids. */
const prefix = '(?!\\d+(?:/|$))\\w[\\w-]{0,31}';
const PathSchema = Type.String({
  maxLength: 64,
  pattern: `^/(?:${ids}|${prefix}(?:/${ids})?)?$`,
  examples: ['/3/0/9', '/d01/3303/0/5700'],
});

export const PathsBodySchema = Type.Object(
  { paths: Type.Array(PathSchema, { minItems: 1, maxItems: 64, description: 'On any level; / is all that there is' }) },
  { title: 'Paths', additionalProperties: false },
);

const CompositeValueSchema = Type.Object({
  path: Type.String(),
  node: Type.Optional(NodeSchema),
});

export const CompositeReadSchema = Type.Object(
  {
    coapCode: Type.String({ examples: ['2.05'] }),
    time: TimeSchema,
    oneByOne: Type.Boolean({
      description: 'True when the device takes no composite operations, and was asked path by path',
    }),
    values: Type.Array(CompositeValueSchema, { description: 'Without node where the device has nothing' }),
  },
  { title: 'CompositeReadAnswer' },
);

export const CompositeObserveSchema = Type.Object(
  { ...CompositeReadSchema.properties, observing: Type.Boolean() },
  { title: 'CompositeObserveAnswer' },
);

export const CompositeWriteBodySchema = Type.Object(
  {
    writes: Type.Array(
      Type.Object(
        {
          path: PathSchema,
          ...WriteBodySchema.properties,
          removed: Type.Optional(
            Type.Literal(true, { description: 'The resource instance is removed; for devices of LwM2M 1.2' }),
          ),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 64, description: 'All of them are done, or none' },
    ),
  },
  {
    title: 'CompositeWrite',
    additionalProperties: false,
  },
);

export const CancelCompositeBodySchema = Type.Object(
  { ...PathsBodySchema.properties, mode: Type.Optional(Type.Enum(['active', 'passive'], { default: 'active' })) },
  { title: 'CancelComposite', additionalProperties: false },
);

export type JsonCompositeRead = Static<typeof CompositeReadSchema>;
export type JsonCompositeWriteBody = Static<typeof CompositeWriteBodySchema>;
export type PackFormat = (typeof packFormats)[number];
