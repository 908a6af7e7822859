import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { LongPageQuery, pageOf, TimeSchema } from '../schemas/basic.ts';

const tag = 'Profiles';

const ProfileSchema = Type.Object(
  {
    id: Type.String({ examples: ['6:1234abcd'] }),
    objectLinks: Type.String({ description: 'What it stands for, in link-format' }),
    learnedAt: TimeSchema,
  },
  { title: 'Profile' },
);

export const listProfiles = defineRoute({
  id: 'listProfiles',
  method: 'GET',
  path: '/api/v1/profiles',
  role: 'viewer',
  tag,
  summary: 'List the object lists that devices of LwM2M 1.2 name by Profile IDs',
  query: Type.Object(LongPageQuery),
  status: 200,
  response: pageOf(ProfileSchema),
  problems: ['invalid-cursor'],
});

export const forgetProfile = defineRoute({
  id: 'forgetProfile',
  method: 'DELETE',
  path: '/api/v1/profiles/{id}',
  role: 'operator',
  tag,
  summary: 'Forget a profile: the next device that names it is asked for its list',
  params: Type.Object({ id: Type.String({ maxLength: 80, description: 'Percent-encoded' }) }),
  status: 204,
  problems: ['not-found'],
});
