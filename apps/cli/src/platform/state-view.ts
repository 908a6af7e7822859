import type { JsonDevice, JsonLink } from '@yaolian/contract';
import type { Paint } from '../output/paint.ts';
import type { Column } from '../output/table.ts';
import { relativeTime } from '../output/time.ts';

const statePaints: Readonly<Record<JsonDevice['state'], Paint>> = {
  ONLINE: 'green',
  SLEEPING: 'yellow',
  OFFLINE: 'dim',
};

export function paintOfState(state: JsonDevice['state']): Paint {
  return statePaints[state];
}

export function deviceColumns(now: number): readonly Column<JsonDevice>[] {
  return [
    { title: 'DEVICE', value: (device) => device.key, shrinks: true },
    { title: 'STATE', value: (device) => device.state, paint: (device) => paintOfState(device.state) },
    { title: 'ENDPOINT', value: ({ key, endpoint }) => (endpoint === key ? undefined : endpoint), shrinks: true },
    { title: 'ADDRESS', value: (device) => device.lastAddress },
    { title: 'LIFETIME', value: (device) => device.lifetime, align: 'right' },
    { title: 'REGISTERED', value: ({ lastRegisteredAt }) => lastRegisteredAt && relativeTime(lastRegisteredAt, now) },
    { title: 'EXPIRES', value: ({ expiresAt }) => expiresAt && relativeTime(expiresAt, now) },
  ];
}

export const linkColumns: readonly Column<JsonLink>[] = [
  { title: 'PATH', value: (link) => link.path },
  { title: 'NAME', value: (link) => link.name, shrinks: true },
  { title: 'ATTRIBUTES', value: ({ attributes }) => attributeText(attributes), shrinks: true },
];

function attributeText(attributes: JsonLink['attributes']): string {
  return Object.entries(attributes)
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join(' ');
}
