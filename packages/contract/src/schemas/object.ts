import { type Static, Type } from 'typebox';
import { ResourceTypeSchema } from './value.ts';

export const objectSources = ['registry', 'user'] as const;

const facts = {
  id: Type.Integer(),
  name: Type.String(),
  version: Type.String({ examples: ['1.1'] }),
  urn: Type.String({ examples: ['urn:oma:lwm2m:oma:3'] }),
  source: Type.Enum([...objectSources], { description: 'registry: of the OMA; user: uploaded' }),
};

/** One version of an object. */
export const ObjectSummarySchema = Type.Object(facts, { title: 'ObjectSummary' });

export const ObjectResourceSchema = Type.Object(
  {
    id: Type.Integer(),
    name: Type.String(),
    operations: Type.String({ description: 'R, W, RW, E or empty' }),
    type: ResourceTypeSchema,
    multiple: Type.Boolean(),
    mandatory: Type.Boolean(),
    range: Type.Optional(Type.String()),
    units: Type.Optional(Type.String()),
  },
  { title: 'ObjectResource' },
);

export const ObjectDefinitionSchema = Type.Object(
  {
    ...facts,
    lwm2mVersion: Type.String(),
    multiple: Type.Boolean(),
    mandatory: Type.Boolean(),
    versions: Type.Array(Type.String(), { description: 'Every version known, newest last' }),
    resources: Type.Array(ObjectResourceSchema),
    replaces: Type.Optional(
      Type.Object(
        {
          name: Type.String({ description: 'What the registry calls the object' }),
          differences: Type.Array(
            Type.Object({
              resource: Type.Integer(),
              was: Type.String({ examples: ['R float, Cel'], description: 'absent: the registry does not have it' }),
              is: Type.String({ examples: ['R integer, Cel'], description: 'absent: the definition leaves it out' }),
            }),
          ),
        },
        { description: 'Present where a definition that was added stands in for one of the registry' },
      ),
    ),
  },
  { title: 'ObjectDefinition' },
);

export type JsonObjectSummary = Static<typeof ObjectSummarySchema>;
export type JsonObjectDefinition = Static<typeof ObjectDefinitionSchema>;
