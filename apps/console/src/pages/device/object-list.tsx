import type { JsonLink } from '@yaolian/contract';
import { useMemo, useState } from 'preact/hooks';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { ChooseSeveral, SeveralBar } from './choose-several.tsx';
import type { DeviceData } from './device-data.ts';
import { EndDevices } from './end-devices.tsx';
import { ObjectCard } from './object-card.tsx';

/** The LwM2M Gateway object: who has it has devices behind it. */
const gatewayObject = 25;

/** Beyond, objects are drawn when somebody opens them. */
export const mostDrawn = 40;

/** An object that a device announced, with its instances. */
export interface AnnouncedObject {
  /** What the paths of a device behind a gateway begin with: `/d01`; empty for the device itself. */
  readonly prefix: string;
  readonly id: number;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly instances: readonly string[];
}

/** Objects that a device announced, in the order of their numbers. */
export function ObjectList({ data }: { readonly data: DeviceData }) {
  const t = useText();
  const [filter, setFilter] = useState('');
  const links = data.detail?.links;
  const objects = useMemo(() => announcedObjects(links ?? []), [links]);
  const words = filter.trim().toLowerCase();
  return (
    <>
      {!data.speaksRa && (
        <div class="toolbar">
          <ChooseSeveral data={data} />
        </div>
      )}
      <label class="search">
        <Icon name="search" />
        <input
          type="search"
          value={filter}
          placeholder={t('objects.filter')}
          aria-label={t('objects.filter')}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      </label>
      {objects.map((object) => (
        <ObjectCard
          key={object.id}
          data={data}
          object={object}
          filter={words}
          isOneOfMany={objects.length > mostDrawn}
        />
      ))}
      {objects.some(({ id }) => id === gatewayObject) && <EndDevices data={data} filter={words} />}
      {data.choosing.paths !== undefined && <SeveralBar data={data} />}
    </>
  );
}

/** @param prefix what paths begin with that are of a device behind a gateway: `/d01` */
export function announcedObjects(links: readonly JsonLink[], prefix = ''): readonly AnnouncedObject[] {
  const objects = new Map<number, { name: string | undefined; version: string | undefined; instances: string[] }>();
  for (const { path, name, attributes } of links) {
    const [, object, instance] = /^\/(\d+)(?:\/(\d+))?$/.exec(path.slice(prefix.length)) ?? [];
    if (object === undefined) continue;
    const known = objects.get(Number(object)) ?? { name, version: attributes['ver'], instances: [] };
    if (instance !== undefined) known.instances.push(path);
    objects.set(Number(object), known);
  }
  return [...objects].map(([id, known]) => ({ prefix, id, ...known })).sort((a, b) => a.id - b.id);
}
