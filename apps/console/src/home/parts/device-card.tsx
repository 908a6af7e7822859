import type { JsonHomeDevice } from '@yaolian/contract';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { isLive } from '../model/home-model.ts';
import { shortName } from '../model/short-name.ts';
import { ResourceControl } from './resource-control.tsx';

/** A device with what matters most of it. */
export function DeviceCard({ device }: { readonly device: JsonHomeDevice }) {
  const t = useText();
  const live = useStore(isLive);
  return (
    <article class="card home-card" aria-label={device.name} data-device={shortName(device.device)}>
      <header>
        <Icon name={iconOf(device)} />
        <h2>
          <a href={`/home/devices/${encodeURIComponent(shortName(device.device))}`}>{device.name}</a>
          <DeviceLine device={device} />
        </h2>
        {/* Without the platform nobody knows how the device is. */}
        {live && device.state !== undefined && <StateBadge state={device.state} />}
      </header>
      <Main device={device} />
      {device.main.length === 0 && !device.pending && <p class="hint">{t('home.no-main')}</p>}
    </article>
  );
}

/** Where it is and whose it is, in small. */
export function DeviceLine({ device }: { readonly device: JsonHomeDevice }) {
  const t = useText();
  const parts = [
    ...device.groups,
    ...(device.owner === undefined ? [] : [t('home.shared-by', { name: shortName(device.owner) })]),
    ...(device.pending ? [t('home.pending')] : []),
  ];
  return parts.length === 0 ? null : <small>{parts.join(' · ')}</small>;
}

export function Main({ device }: { readonly device: JsonHomeDevice }) {
  return (
    <div class="home-main">
      {device.main.map((resource) => (
        <ResourceControl key={resource.path} device={device} resource={resource} />
      ))}
    </div>
  );
}

const iconsByObject: readonly (readonly [number, IconName])[] = [
  [3308, 'climate'],
  [3311, 'lamp'],
  [3305, 'meter'],
  [3331, 'meter'],
  [3312, 'plug'],
  [3303, 'climate'],
  [3304, 'climate'],
  [3342, 'plug'],
];

function iconOf({ objects }: JsonHomeDevice): IconName {
  return iconsByObject.find(([id]) => objects.includes(id))?.[1] ?? 'devices';
}
