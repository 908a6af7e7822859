import { access } from './access.ts';
import { appKeys } from './app-keys.ts';
import { audit } from './audit.ts';
import { bulk } from './bulk.ts';
import { certificates } from './certificates.ts';
import { credentials } from './credentials.ts';
import { device } from './device.ts';
import { devices } from './devices.ts';
import { eventNames, events } from './events.ts';
import { failures } from './failures.ts';
import { firmware } from './firmware.ts';
import { health } from './health.ts';
import type { home } from './home.ts';
import { imports } from './imports.ts';
import { limits } from './limits.ts';
import { messages } from './messages.ts';
import { objects } from './objects.ts';
import { overview } from './overview.ts';
import { plots } from './plots.ts';
import { problems } from './problems.ts';
import { reasons } from './reasons.ts';
import { remote } from './remote.ts';
import { reports } from './reports.ts';
import type { resources } from './resources.ts';
import { rooms } from './rooms.ts';
import { secondFactor } from './second-factor.ts';
import { settings } from './settings.ts';
import { shell } from './shell.ts';
import { tour } from './tour.ts';
import { webhooks } from './webhooks.ts';

/** Every text of the console. The owner's side loads its own: it is another page. */
export const catalogue = {
  ...shell,
  ...overview,
  ...devices,
  ...bulk,
  ...device,
  ...events,
  ...plots,
  ...eventNames,
  ...failures,
  ...tour,
  ...messages,
  ...audit,
  ...firmware,
  ...access,
  ...credentials,
  ...imports,
  ...settings,
  ...secondFactor,
  ...remote,
  ...rooms,
  ...objects,
  ...health,
  ...limits,
  ...webhooks,
  ...certificates,
  ...reports,
  ...appKeys,
  ...problems,
  ...reasons,
};

export type TextKey = keyof typeof catalogue | keyof typeof home | keyof typeof resources;
